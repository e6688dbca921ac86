#!/bin/sh
# Makes a clone ready to run: packages, the native Kafka client, the Java programs of the local stack.
# Safe to run at any time and from several terminals; when nothing changed it ends in a few milliseconds.
# Everything expensive is kept in a cache outside the clone, so a second clone is ready in seconds.
set -eu
cd "$(dirname "$0")/../.."
ready=node_modules/.cutover/ready

# What was set up, as one number. npm may touch the lock file, so it is taken again at the end.
fingerprint() {
  cat package.json package-lock.json ops/stack/pom.xml ops/setup/*.sh | cksum
}
up_to_date() {
  [ -f "$ready" ] && [ "$(cat "$ready")" = "$(fingerprint)" ] &&
    [ -d node_modules/.cutover/stack/registry ] && # the cache may have been emptied,
    [ -f node_modules/node-rdkafka/build/Release/node-librdkafka.node ] # and npm may have replaced the package
}
if up_to_date; then exit 0; fi

say() { echo "cutover set-up: $*" >&2; }
fail() {
  say "$*"
  exit 2
}

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/cutover
mkdir -p .cutover "$cache" || fail "cannot write to $PWD/.cutover or $cache; set XDG_CACHE_HOME to a folder you own."
. ops/setup/prerequisites.sh
. ops/setup/native-client.sh
. ops/setup/stack-jars.sh
. ops/setup/lock.sh

check_prerequisites
take_lock .cutover/setup.lock
# Another terminal may have finished the work while this one waited.
if up_to_date; then exit 0; fi
started=$(date +%s)

say "1/3 npm packages (about a minute on an empty machine)"
npm install --ignore-scripts --no-audit --no-fund --loglevel=error >.cutover/setup-npm.log 2>&1 ||
  { tail -n 15 .cutover/setup-npm.log >&2; fail "npm install failed; the whole log is .cutover/setup-npm.log."; }
[ -x node_modules/.bin/node ] ||
  fail "npm installed no Node 24 for $(uname -sm); Cutover runs on Linux x64 and arm64."
mkdir -p node_modules/.cutover

say "2/3 Kafka client (node-rdkafka; its first build takes one to three minutes)"
ensure_native_client

say "3/3 Kafka and schema registry (Maven Central, about 160 MB once)"
ensure_stack_jars

# npm unpacks a package anew, without its build, when its folder is newer than this file.
touch node_modules/.package-lock.json
fingerprint >"$ready"
say "done in $(($(date +%s) - started)) s"
