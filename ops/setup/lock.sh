# Part of ensure.sh. One set-up per clone at a time; the others wait, and a dead owner's lock is taken over.

take_lock() { # take_lock <folder>
  lock=$1
  waiting=0
  until mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null || echo)
    # Without a pid the owner is between mkdir and echo, or died there: a minute settles which.
    if { [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; } || { [ -z "$owner" ] && [ "$waiting" -ge 60 ]; }; then
      rm -rf "$lock"
      continue
    fi
    [ "$waiting" -gt 0 ] || say "another set-up of this clone (process ${owner:-unknown}) is at work; waiting for it"
    waiting=$((waiting + 1))
    sleep 1
  done
  echo $$ >"$lock/pid"
  trap 'rm -rf "$lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}
