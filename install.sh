#!/bin/sh
# Builds preflight and installs, shows, tests or uninstalls it: ./install.sh --help
set -eu

usage() {
  cat <<'END'
usage: ./install.sh [--prefix DIR]            build, then install below DIR (default: ~/.local)
       ./install.sh uninstall [--prefix DIR]  remove exactly what was installed
       ./install.sh demo                      build, then watch preflight at work on a plan of six streams
       ./install.sh test                      build, run the tests, print the coverage of the library targets
       ./install.sh test --static [--filter REGEX]
                                              run them, or those that match, optimised and linked as hooks are
END
}

hooks='pre-commit commit-msg pre-push post-merge post-rewrite post-commit'
helpers="$hooks preflight-merge" # what git runs

say() { printf '%s\n' "$*"; }

die() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Shows a command, then runs it.
run() {
  say "+ $*"
  "$@" </dev/null
}

# --- what it takes

check_swift() {
  has swift || die 'there is no Swift here: install 6.1 or newer from https://swift.org/install and put it on PATH'
  version=$(swift --version 2>/dev/null </dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | sed 1q)
  [ -n "$version" ] || die "'swift --version' names no version: install Swift from https://swift.org/install"
  major=${version%%.*}
  minor=${version#*.}
  if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 1 ]; }; then
    die "Swift $version is too old: install 6.1 or newer from https://swift.org/install"
  fi
}

has_libgit2() { has pkg-config && pkg-config --exists libgit2; }

# Asks nothing of the network when nothing is missing. Each list is of words, to be split into arguments.
install_missing() {
  apt='' dnf='' brew=''
  has git || { apt="$apt git" && dnf="$dnf git" && brew="$brew git"; }
  has pkg-config || { apt="$apt pkg-config" && dnf="$dnf pkgconf-pkg-config" && brew="$brew pkg-config"; }
  has_libgit2 || { apt="$apt libgit2-dev" && dnf="$dnf libgit2-devel" && brew="$brew libgit2"; }
  [ -n "$apt" ] || return 0
  # shellcheck disable=SC2086
  if has apt-get; then
    as_root apt-get update -qq
    as_root apt-get install -y -qq $apt
  elif has dnf; then
    as_root dnf install -y -q $dnf
  elif has brew; then
    run brew install $brew || no_packages "$brew"
  else
    die "missing:$apt: there is no apt-get, dnf or brew here to install them with"
  fi
  { has git && has_libgit2; } || no_packages "$apt"
}

as_root() {
  if [ "$(id -u)" -ne 0 ]; then
    has sudo || die "no write permission to install packages: run '$*' as root, then start again"
    set -- sudo "$@"
  fi
  run "$@" || no_packages "$apt"
}

no_packages() {
  die "cannot install$1: see what the package manager says above (is there a network?)"
}

check_writable() { # DIRECTORY REMEDY
  place=$1
  while [ ! -e "$place" ]; do place=$(dirname "$place"); done
  [ -d "$place" ] || die "'$place' is not a directory: $2"
  [ -w "$place" ] || die "no write permission in '$place': $2"
}

check_prefix() {
  for directory in "$prefix/bin" "$prefix/libexec/preflight"; do
    check_writable "$directory" 'choose another place with --prefix DIR'
  done
}

prepare() {
  check_swift
  check_writable "$PWD" 'the build goes there'
  install_missing
  swift package resolve </dev/null ||
    die 'cannot fetch the Swift packages: see what swift says above (is there a network?)'
}

# --- what it does

# What takes a third off a static executable: every function a section of its own, of which only what is called is linked,
# and what is alike once.
slim_compile='-Osize -Xfrontend -function-sections -Xfrontend -internalize-at-link'
slim_link='-use-ld=lld -Xlinker --icf=all -Xlinker --no-eh-frame-hdr'
# In their place Sources/CLibgit2Offline has something shorter.
slim_link="$slim_link -Xlinker --wrap=_swift_stdlib_getScalarName -Xlinker --wrap=getpwuid_r"

build() {
  set -- -c release --static-swift-stdlib
  if find_archives; then
    for word in -static-executable $slim_compile $slim_link; do set -- "$@" -Xswiftc "$word"; done
    PREFLIGHT_STATIC=$archives
    export PREFLIGHT_STATIC
  else
    say "hooks will start slower, from the shared libgit2: $obstacle"
    unset PREFLIGHT_STATIC
  fi
  run swift build "$@" || die 'the build failed: see what swift says above'
  built=$(swift build "$@" --show-bin-path </dev/null)
}

# Puts into $archives what makes executables that need no other file: libgit2 and what it needs, less its network code and
# regular expressions, whose place Sources/CLibgit2Offline takes. Else says in $obstacle why that cannot be.
find_archives() {
  archives='' obstacle=''
  [ "$(uname -s)" = Linux ] || obstacle='only Linux has static executables'
  for word in $(pkg-config --static --libs libgit2); do
    case $word in
      -lmbedtls | -lmbedx509 | -lssl | -lssh2 | -lgssapi* | -lkrb5* | -lk5crypto | -lcom_err) ;;
      -lpcre2-8) ;;
      -lc | -ldl | -lm | -lpthread | -lrt) ;; # the C library, which Swift links
      -l*) archives="$archives${archives:+ }${word#-l}" ;;
    esac
  done
  [ -n "$obstacle" ] || try_archives
  [ -z "$obstacle" ]
}

# Links a small program as the hooks will be linked, and runs it: the archives are there, and ask for nothing that is not.
try_archives() {
  trial=$(mktemp -d)
  echo '@_silgen_name("git_libgit2_init") func start() -> Int32
    @_silgen_name("git_repository_open") func open(_: UnsafeMutablePointer<OpaquePointer?>, _: UnsafePointer<CChar>) -> Int32
    var repository: OpaquePointer?
    precondition(start() == 1 && open(&repository, "/dev/null") < 0)' >"$trial/main.swift"
  # shellcheck disable=SC2086
  set -- -static-executable $slim_compile $slim_link "$trial/main.swift" "$trial/offline.o" -o "$trial/trial"
  for archive in $archives; do set -- "$@" "-l:lib$archive.a"; done
  if ! { clang -c Sources/CLibgit2Offline/CLibgit2Offline.c -o "$trial/offline.o" && swiftc "$@" && "$trial/trial"; } \
    >"$trial/output" 2>&1 </dev/null; then
    reason=$(sed -n 's/.*\(cannot find.*\|unable to find.*\|undefined .*\|not found.*\)/\1/p' "$trial/output" | sed 1q)
    obstacle="a trial with its archive failed${reason:+: $reason}"
  fi
  rm -rf "$trial"
}

# Whoever starts TARGET meanwhile gets the old file or the new one.
put() { # SOURCE TARGET
  source=$1 target=$2
  if ! { cp "$source" "$target.new.$$" && lighten "$target.new.$$" && chmod 755 "$target.new.$$" && mv -f "$target.new.$$" "$target"; }; then
    rm -f "$target.new.$$"
    die "cannot write '$target'"
  fi
}

# What a debugger would want is half of a static executable.
lighten() { # FILE
  [ -z "${PREFLIGHT_STATIC:-}" ] || ! has strip || strip "$1"
}

# Nothing in a hook unwinds the stack (Swift's errors are return values), so the tables for it can go, a tenth of the file;
# but only where the C library does without them, too: it has to start. ('preflight' reads TOML with C++ that throws.)
slim() { # HOOK
  { [ -n "${PREFLIGHT_STATIC:-}" ] && has strip; } || return 0
  if strip -R .eh_frame -o "$1.new.$$" "$1" && starts "$1.new.$$"; then mv -f "$1.new.$$" "$1"; fi
  rm -f "$1.new.$$"
}

# A hook with this variable does nothing but end with 3.
starts() { # HOOK
  result=0
  PREFLIGHT_CANARY=/dev/null "$1" >/dev/null 2>&1 </dev/null || result=$?
  [ "$result" -eq 3 ]
}

install_executables() {
  mkdir -p "$prefix/bin" "$prefix/libexec/preflight"
  for helper in $helpers; do put "$built/$helper" "$prefix/libexec/preflight/$helper"; done
  for hook in $hooks; do slim "$prefix/libexec/preflight/$hook"; done
  put "$built/preflight" "$prefix/bin/preflight"
  say "installed '$prefix/bin/preflight', and six hooks and a merge driver in '$prefix/libexec/preflight'"
  program=preflight
  case ":$PATH:" in
    *":$prefix/bin:"*) ;;
    *)
      program=$prefix/bin/preflight
      say "next, so that your shell finds it: export PATH=\"$prefix/bin:\$PATH\""
      ;;
  esac
  say "next, in any worktree of your repository: $program install"
}

uninstall_executables() {
  count=0
  set -- "$prefix/bin/preflight"
  for helper in $helpers; do set -- "$@" "$prefix/libexec/preflight/$helper"; done
  for file in "$@"; do
    [ -e "$file" ] || continue
    rm -f "$file"
    count=$((count + 1))
  done
  # Stays where somebody else has put something in it.
  rmdir "$prefix/libexec/preflight" 2>/dev/null || true
  say "removed $count of 8 executables below '$prefix'"
}

run_tests() {
  if [ -n "$static" ]; then
    find_archives || die "the tests cannot be linked so: $obstacle"
    # A mistake about how long something lives shows only where the optimizer ends lives early.
    set -- --scratch-path .build/static -c release -Xswiftc -Osize -Xswiftc -enable-testing
    [ -z "$filter" ] || set -- "$@" --filter "$filter"
    PREFLIGHT_STATIC=$archives run swift test "$@" || die 'tests failed: see above'
    return
  fi
  run swift test --enable-code-coverage || die 'tests failed: see above'
  report=$(swift test --enable-code-coverage --show-codecov-path </dev/null)
  [ ! -e "$report" ] || print_coverage "$report"
}

# Covered and all lines of each target in Sources, from what llvm-cov exported: one object a file, in which "filename"
# comes before "summary". Executables are run by tests as processes of their own, which is not counted here.
print_coverage() { # JSON
  say
  say 'line coverage of the library targets:'
  tr '{' '\n' <"$1" | awk -v start="\"filename\":\"$PWD/Sources/" -v executables="preflight $helpers" '
    BEGIN { split(executables, names, " "); for (i in names) left_out[names[i]] = 1 }
    place = index($0, start) {
      target = substr($0, place + length(start))
      sub(/\/.*/, "", target)
    }
    in_lines && target != "" {
      split($0, numbers, /[:,]/)
      if (!(target in left_out)) { all[target] += numbers[2]; covered[target] += numbers[4] }
      target = ""
    }
    { in_lines = /"lines":$/ }
    END {
      for (target in all) {
        printf "  %-14s %6.2f %%  (%d of %d)\n", target, 100 * covered[target] / all[target], covered[target], all[target] | "sort"
        sum += all[target]; hit += covered[target]
      }
      close("sort")
      if (sum) printf "  %-14s %6.2f %%  (%d of %d)\n", "all", 100 * hit / sum, hit, sum
    }'
}

# --- what was asked for

task=install
prefix=
static=
filter=
while [ $# -gt 0 ]; do
  case $1 in
    demo | test | uninstall) task=$1 ;;
    --prefix)
      [ $# -gt 1 ] || die '--prefix wants a directory'
      prefix=$2
      shift
      ;;
    --static) static=yes ;;
    --filter)
      [ $# -gt 1 ] || die '--filter wants a regular expression'
      filter=$2
      shift
      ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    -h | --help)
      usage
      exit
      ;;
    *)
      usage >&2
      exit 64
      ;;
  esac
  shift
done
prefix=${prefix:-${HOME:?}/.local}
case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
cd "$(dirname "$0")"

case $task in
  install)
    check_prefix
    prepare
    build
    install_executables
    ;;
  uninstall)
    check_prefix
    uninstall_executables
    ;;
  demo)
    prepare
    build
    run "$built/preflight" demo
    ;;
  test)
    prepare
    run_tests
    ;;
esac
