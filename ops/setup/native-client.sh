# Part of ensure.sh. Builds node-rdkafka against the pinned Node's own headers, or takes the cached build.
# Install scripts are off for every package; this one is built on purpose.

addon_folder=node_modules/node-rdkafka/build

client_loads() {
  node_modules/.bin/node -e 'require("node-rdkafka")' >/dev/null 2>&1
}

addon_cache() {
  node_modules/.bin/node -p '
    const { version } = JSON.parse(fs.readFileSync("node_modules/node-rdkafka/package.json", "utf8"));
    `node-rdkafka-${version}-abi${process.versions.modules}-${process.platform}-${process.arch}`'
}

build_client() {
  pinned=$(cd "$(dirname "$(readlink -f node_modules/.bin/node)")/.." && pwd)
  # JOBS in the environment breaks the build of librdkafka.
  env -u JOBS PATH="$PWD/node_modules/.bin:$PATH" npm_config_nodedir="$pinned" npm_config_ignore_scripts=false \
    npm rebuild node-rdkafka >.cutover/setup-rdkafka.log 2>&1 && client_loads && return 0
  tail -n 15 .cutover/setup-rdkafka.log >&2
  fail "the Kafka client could not be built; install build-essential, libssl-dev and zlib1g-dev, or read .cutover/setup-rdkafka.log."
}

# Only what is loaded at run time, 15 of 71 MB; written beside and renamed, so a reader never sees half of it.
save_client() { # save_client <folder>
  half=$1.$$
  mkdir -p "$half/Release" "$half/deps"
  cp -p "$addon_folder"/Release/*.node "$half/Release/"
  cp -P "$addon_folder"/deps/*.so* "$half/deps/"
  mv -T "$half" "$1" 2>/dev/null || rm -rf "$half"
}

ensure_native_client() {
  saved=$cache/$(addon_cache)
  if ! client_loads && [ -d "$saved" ]; then
    rm -rf "$addon_folder"
    cp -R -P "$saved" "$addon_folder"
  fi
  # A cached build of another system's libraries does not load; then it is built here and replaced.
  if ! client_loads; then
    rm -rf "$saved"
    build_client
  fi
  [ -d "$saved" ] || save_client "$saved"
}
