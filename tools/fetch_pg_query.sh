#!/bin/sh
# Unpacks the newest libpg_query that the machine's own Debian mirror has into
# <out>/pg_query-<version>/ and links <out>/pg_query to it.
#
# Usage: tools/fetch_pg_query.sh OUT_FOLDER
#
# libpg_query is PostgreSQL's parser as a library. The package of an older Debian
# release knows an older grammar; the one of a newer release is a static archive
# that links here as well. So: an apt configuration of its own, whose mirror is
# the one this machine already uses, reads the newer suites' indexes, checks their
# signatures, downloads one package and unpacks it. Nothing is installed on the system.
#
# Exit status: 0 a library is in place; 1 none could be had (the build then takes the
# system's libpg_query, and says so).
set -eu

out=$(mkdir -p "$1" && cd "$1" && pwd)
want=${PGSIFT_PG_QUERY:-18}

if [ -e "$out/pg_query/lib/libpg_query.a" ]; then
  have=$(cat "$out/pg_query/version")
  [ "${have%%[.-]*}" = "$want" ] && exit 0
fi
command -v apt-get >/dev/null && command -v dpkg >/dev/null || exit 1

# The first Debian archive in the machine's apt sources, in either syntax. Security and
# updates archives have no development suites.
mirror=$(apt-get indextargets --format '$(SITE) $(ORIGIN) $(LABEL)' 2>/dev/null |
  awk '$2 == "Debian" && $3 == "Debian" { print $1; exit }')
if [ -z "$mirror" ]; then
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
    awk '$1 == "URIs:" && $2 ~ /debian\/?$/ { print $2; exit }
         $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^http.*debian\/?$/) { print $i; exit } }')
fi
[ -n "$mirror" ] || { echo "fetch_pg_query: no Debian mirror in the apt sources" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
arch=$(dpkg --print-architecture)

fetch() {  # fetch SUITE: downloads the suite's libpg-query-dev into $work/deb, or fails
  root=$work/$1
  mkdir -p "$root/lists/partial" "$root/cache/archives/partial" "$root/etc" "$work/deb"
  : > "$root/status"
  keyring=$(ls /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp 2>/dev/null | head -n 1)
  signed=${keyring:+[signed-by=$keyring]}
  echo "deb $signed $mirror $1 main" > "$root/sources.list"
  cat > "$root/apt.conf" <<CONF
Dir::State "$root";
Dir::State::lists "$root/lists";
Dir::State::status "$root/status";
Dir::Cache "$root/cache";
Dir::Etc::sourcelist "$root/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferencesparts "-";
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
CONF
  # A testing suite's Release file may have passed its date on a slow mirror; its
  # signature is checked all the same.
  APT_CONFIG=$root/apt.conf apt-get -qq -o Acquire::Check-Valid-Until=false update >"$root/log" 2>&1 || return 1
  # A package index that is missing is only a warning to apt.
  APT_CONFIG=$root/apt.conf apt-cache policy libpg-query-dev | grep -q "Candidate: $2" || return 1
  (cd "$work/deb" && APT_CONFIG=$root/apt.conf apt-get -qq download libpg-query-dev >>"$root/log" 2>&1) || return 1
}

got=
for major in "$want" 17; do
  for suite in testing sid trixie; do
    if fetch "$suite" "$major"; then got=$suite; break 2; fi
  done
done
[ -n "$got" ] || { echo "fetch_pg_query: the mirror $mirror offers no libpg-query-dev $want or 17" >&2; exit 1; }

deb=$(ls "$work"/deb/*.deb | head -n 1)
version=$(dpkg-deb -f "$deb" Version)
dpkg-deb -x "$deb" "$work/x"
place=$out/pg_query-$version
rm -rf "$place" && mkdir -p "$place/lib" "$place/include"
cp "$(find "$work/x" -name libpg_query.a | head -n 1)" "$place/lib/"
cp -r "$work/x/usr/include/." "$place/include/"
echo "$version" > "$place/version"
ln -sfn "pg_query-$version" "$out/pg_query"
echo "libpg_query $version (suite $got) unpacked into ${place#"$PWD"/}"
