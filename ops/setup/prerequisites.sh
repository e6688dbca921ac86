# Part of ensure.sh. Each missing prerequisite is one sentence with its remedy; all are reported at once.

need() { # need <program> <remedy>
  command -v "$1" >/dev/null 2>&1 && return 0
  say "$1 is missing: $2"
  missing=1
}

java_major() {
  java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1
}

free_kb() {
  df -Pk "$1" | awk 'NR == 2 { print $4 }'
}

# npm needs 1.6 GB, Maven's own store and ours 0.4 GB, a rehearsal's data the rest.
need_space() {
  free=$(free_kb "$1")
  [ "${free:-0}" -ge 3145728 ] && return 0
  say "only $((${free:-0} / 1024)) MB are free at $1: make room for 3 GB."
  missing=1
}

check_prerequisites() {
  missing=0
  need node "install Node 20 or newer (apt-get install nodejs, or nodejs.org)."
  need npm "install npm (apt-get install npm, or it comes with Node from nodejs.org)."
  need java "install a JDK 17 or newer (apt-get install openjdk-17-jdk-headless)."
  need mvn "install Maven (apt-get install maven)."
  need c++ "install a C++ toolchain (apt-get install build-essential)."
  need make "install a C++ toolchain (apt-get install build-essential)."
  need python3 "install Python 3, which the native build uses (apt-get install python3)."
  if command -v node >/dev/null 2>&1; then
    major=$(node -p 'process.versions.node.split(".")[0]')
    [ "$major" -ge 20 ] || { say "Node $major is too old: install Node 20 or newer."; missing=1; }
  fi
  if command -v java >/dev/null 2>&1; then
    major=$(java_major)
    [ "${major:-0}" -ge 17 ] || { say "Java ${major:-?} is too old: install a JDK 17 or newer."; missing=1; }
  fi
  need_space "$PWD"
  need_space "$cache"
  [ "$missing" = 0 ] || fail "nothing was changed; mend the above and run the same command again."
}
