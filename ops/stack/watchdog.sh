#!/bin/sh
# Waits until no owner of the stack in <folder> lives, then stops the stack. A shell, because it waits for hours in 1 MB.
# usage: watchdog.sh <folder> <node> <stop-orphan.ts>
folder=$1
node=$2
stop_orphan=$3

# An owner is a file named <pid>-<start time>; owners.ts writes them and says why.
owner_lives() {
  for owner in "$folder"/owners/*; do
    owner=${owner##*/}
    read -r stat 2>/dev/null <"/proc/${owner%-*}/stat" || continue
    # shellcheck disable=SC2086 # the fields behind the program's name, the 20th is the start time
    set -- ${stat##*) }
    [ "$1" != Z ] && [ "${20:-}" = "${owner#*-}" ] && return 0
  done
  return 1
}

while :; do
  while owner_lives; do sleep 1; done
  # It looks again under the lock; if somebody took the stack over meanwhile, the watch goes on.
  "$node" --disable-warning=ExperimentalWarning "$stop_orphan" "$folder" && exit 0
  sleep 1
done
