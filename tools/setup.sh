#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the Debian packages that are missing. Usage: sh tools/setup.sh LANE...
#   build        compile and run the examples
#   tests        the test suite
#   clang        clang, clang-tidy, clang-format and libFuzzer
#   interop      a compiler, Python with virtual environments, and a browser
#   benchmarks   Google Benchmark and the peers
# Says nothing when nothing is missing.
set -eu

packages_of() {
  case $1 in
    build) echo g++ cmake ninja-build ccache nlohmann-json3-dev ;;
    tests) echo catch2 python3 "$(packages_of build)" ;;
    clang) echo clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev "$(packages_of tests)" ;;
    interop) echo g++ ccache chromium nlohmann-json3-dev python3-venv ;;
    benchmarks)
      echo libbenchmark-dev libcereal-dev libmsgpack-cxx-dev libpng-dev libspdlog-dev \
        libprotobuf-dev protobuf-compiler python3-venv \
        "$(packages_of build)"
      ;;
    *) echo "setup.sh: no lane named '$1' (build, tests, clang, interop, benchmarks)" >&2; exit 2 ;;
  esac
}

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed'; }

wanted=
for lane in "$@"; do
  of_lane=$(packages_of "$lane")
  wanted="$wanted $of_lane"
done

if ! command -v apt-get >/dev/null 2>&1; then
  echo "setup.sh: no apt-get on this system: nothing was installed. These Debian packages," >&2
  echo "setup.sh: or what your system calls them, are needed:$wanted" >&2
  exit 0
fi

missing=
for package in $wanted; do
  case "$missing " in *" $package "*) continue ;; esac
  installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "setup.sh: neither root nor sudo; as root, run: apt-get install$missing" >&2
    exit 1
  fi
  as_root="sudo"
fi

echo "setup.sh: installing$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1
}
# shellcheck disable=SC2086  # a list of packages
if ! { apt update && apt install -y --no-install-recommends $missing; }; then
  cat "$log" >&2
  echo "setup.sh: apt-get failed (above)" >&2
  exit 1
fi
