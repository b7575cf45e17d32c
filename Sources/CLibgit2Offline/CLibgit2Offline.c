// What static executables have in place of code that no hook of ours runs: the linker takes these, leaves that code out, and
// needs none of the libraries below it. Weak, so that what an archive's other members bring along is no clash.
//
// libgit2's transports with their TLS, SSH and Negotiate code, and the regular expressions with which it would match names
// of settings: we read repositories, and leave the network and every pattern to git. The names are those of libgit2 1.5 to
// 1.9, with mbedTLS or OpenSSL, and of PCRE2. One that is missing here makes install.sh's trial fail, which then links the
// shared library. No header of libgit2 declares them: they are its own, below its API.

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Declared in <git2/sys/errors.h>; `class` 12 is GIT_ERROR_NET.
int git_error_set_str(int class, const char *message);

static int refuse(void) {
  git_error_set_str(12, "this program was built without network code: git does this");
  return -1;
}

#define REFUSES(name) __attribute__((weak)) int name(void); int name(void) { return refuse(); }
#define HAS_NOTHING_TO_START(name) __attribute__((weak)) int name(void); int name(void) { return 0; }

REFUSES(git_smart_subtransport_http)
REFUSES(git_smart_subtransport_git)
REFUSES(git_transport_smart)
REFUSES(git_transport_local)
REFUSES(git_socket_stream_new)
HAS_NOTHING_TO_START(git_socket_stream_global_init)

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

// A pattern that does not compile is one that libgit2 reports, in the words that it asks for; see pcre2api(3).

#define WEAK __attribute__((weak))

void *pcre2_compile_8(void);
int pcre2_get_error_message_8(int code, uint8_t *buffer, size_t size);
void pcre2_code_free_8(void *code);
void *pcre2_match_data_create_8(void);
void pcre2_match_data_free_8(void *data);
int pcre2_match_8(void);
size_t *pcre2_get_ovector_pointer_8(void *data);

WEAK void *pcre2_compile_8(void) { return NULL; }

WEAK int pcre2_get_error_message_8(int code, uint8_t *buffer, size_t size) {
  (void)code;
  static const char words[] = "this program was built without regular expressions: git has them";
  if (size == 0) return -48; // PCRE2_ERROR_NOMEMORY
  size_t length = sizeof words - 1 < size - 1 ? sizeof words - 1 : size - 1;
  memcpy(buffer, words, length);
  buffer[length] = 0;
  return (int)length;
}

WEAK void pcre2_code_free_8(void *code) { (void)code; }
WEAK void *pcre2_match_data_create_8(void) { return NULL; }
WEAK void pcre2_match_data_free_8(void *data) { (void)data; }
WEAK int pcre2_match_8(void) { return -51; } // PCRE2_ERROR_NULL
WEAK size_t *pcre2_get_ovector_pointer_8(void *data) { (void)data; return NULL; }

// The linker's --wrap has these called by everybody else's code, and leaves out what they stand for.

/// libgit2 asks for a home directory by this only where a program runs as another user than the one who started it. The
/// real one would load libraries that a static executable cannot count on.
int __wrap_getpwuid_r(void);
int __wrap_getpwuid_r(void) { return ENOENT; }

/// Swift's `Unicode.Scalar.Properties.name`, which nothing here asks: the tables of all names are half a megabyte.
intptr_t __wrap__swift_stdlib_getScalarName(uint32_t scalar, uint8_t *buffer, intptr_t capacity);
intptr_t __wrap__swift_stdlib_getScalarName(uint32_t scalar, uint8_t *buffer, intptr_t capacity) {
  (void)scalar, (void)buffer, (void)capacity;
  return 0;
}
