# Part of ensure.sh. Fetches the Java programs pom.xml names; the clone only holds a link to them.

ensure_stack_jars() {
  jars=$cache/stack-$(cksum <ops/stack/pom.xml | cut -d ' ' -f 1)
  [ -d "$jars/registry" ] || fetch_jars
  ln -sfn "$jars" node_modules/.cutover/stack
}

fetch_jars() {
  half=$jars.$$
  mkdir -p "$half/registry"
  mvn -B -f ops/stack/pom.xml dependency:copy-dependencies "-DoutputDirectory=$half/kafka" \
    dependency:get@registry "-Ddest=$half/registry.tar.gz" >.cutover/setup-maven.log 2>&1 || {
    rm -rf "$half"
    grep '^\[ERROR\]' .cutover/setup-maven.log | head -n 3 >&2
    fail "Maven could not fetch the local stack; check the network or its proxy, then read .cutover/setup-maven.log."
  }
  tar -xzf "$half/registry.tar.gz" -C "$half/registry"
  rm "$half/registry.tar.gz"
  # Renamed when whole; a clone that was faster has the same content.
  mv -T "$half" "$jars" 2>/dev/null || rm -rf "$half"
}
