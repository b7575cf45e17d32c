// The entry points of libgit2's TLS, SSH and Negotiate code, for executables that are linked to its archive: the linker
// takes these, leaves that code out, and needs none of the libraries below it. We read repositories, and leave the network
// to git. Weak, so that what an archive's other members bring along is no clash.
//
// The names are those of libgit2 1.5 to 1.9, with mbedTLS or OpenSSL. One that is missing here makes install.sh's trial
// fail, which then links the shared library. No header of libgit2 declares them: they are its own, below its API.

/// Declared in <git2/sys/errors.h>; `class` 12 is GIT_ERROR_NET.
int git_error_set_str(int class, const char *message);

static int refuse(void) {
  git_error_set_str(12, "this program was built without network code: git does this");
  return -1;
}

#define REFUSES(name) __attribute__((weak)) int name(void); int name(void) { return refuse(); }
#define HAS_NOTHING_TO_START(name) __attribute__((weak)) int name(void); int name(void) { return 0; }

HAS_NOTHING_TO_START(git_mbedtls_stream_global_init)
REFUSES(git_mbedtls_stream_new)
REFUSES(git_mbedtls_stream_wrap)
REFUSES(git_mbedtls__set_cert_location)

HAS_NOTHING_TO_START(git_openssl_stream_global_init)
REFUSES(git_openssl_stream_new)
REFUSES(git_openssl_stream_wrap)
REFUSES(git_openssl__set_cert_location)
REFUSES(git_openssl__add_x509_cert)

HAS_NOTHING_TO_START(git_transport_ssh_global_init)
HAS_NOTHING_TO_START(git_transport_ssh_libssh2_global_init)
REFUSES(git_transport_ssh_with_paths)
REFUSES(git_smart_subtransport_ssh)
REFUSES(git_smart_subtransport_ssh_libssh2)
REFUSES(git_smart_subtransport_ssh_exec)

REFUSES(git_http_auth_negotiate)
