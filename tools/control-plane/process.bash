# Processes and locks of tools/cluster and tools/node: who is who, and whose turn it is. Sourced, Linux only (it reads /proc).

# A process is known by its pid, its start time and the boot it belongs to: a pid alone may by now be someone else's.
process_identity() { # PID: prints the identity; fails when nothing runs there (a zombie does not run)
  local stat fields boot
  [[ $1 ]] || return 1
  { read -r stat < "/proc/$1/stat"; } 2> /dev/null || return 1
  # The name, field 2, may hold spaces and brackets: count from behind it. There the state is 0, the start time 19.
  read -ra fields <<< "${stat##*) }"
  [[ ${fields[0]} != [ZX] ]] || return 1
  read -r boot < /proc/sys/kernel/random/boot_id
  printf '%s %s %s\n' "$1" "${fields[19]}" "$boot"
}

process_alive() { # IDENTITY
  [[ $1 && $(process_identity "${1%% *}") == "$1" ]]
}

kill_process() { # IDENTITY: ends that process and no other; returns when it is gone
  local tries
  process_alive "$1" || return 0
  # Nothing to save: its data goes with it. A polite signal would have the API server wait for its clients.
  kill -KILL "${1%% *}" 2> /dev/null || return 0
  for ((tries = 0; tries < 1000; tries++)); do
    process_alive "$1" || return 0
    sleep 0.01
  done
  return 1
}

# A lock is a symbolic link to its owner's identity: made in one step with its owner in it, and it needs no flock.
locks_held=()

lock() { # FILE WHAT-THE-OWNER-DOES: returns when it is ours
  local file=$1 owner told='' misses=0
  until ln -s "$(process_identity $$)" "$file" 2> /dev/null; do
    if ! owner=$(readlink "$file"); then
      # Released in this moment; or it can not be made at all.
      ((++misses < 50)) || die "cannot create the lock $file"
    elif ! process_alive "$owner"; then
      break_lock "$file" "$owner"
      continue
    elif [[ ! $told ]]; then
      say "waiting for process ${owner%% *}, which $2"
      told=1
    fi
    sleep 0.1
  done
  locks_held+=("$file")
}

lock_is_held() { # FILE: by a process that is alive, and is not this one
  local owner
  owner=$(readlink "$1") && [[ ${owner%% *} != "$$" ]] && process_alive "$owner"
}

# Takes the lock of a dead owner away. Only one process at a time may do so: else the second would take away the lock
# that the first has just made for itself.
break_lock() { # FILE OWNER
  if ln -s "$(process_identity $$)" "$1.breaking" 2> /dev/null; then
    [[ $(readlink "$1") != "$2" ]] || rm -f "$1"
    rm -f "$1.breaking"
  elif ! process_alive "$(readlink "$1.breaking")"; then
    rm -f "$1.breaking"
  fi
}

unlock() { # FILE
  local file kept=()
  for file in "${locks_held[@]}"; do
    if [[ $file == "$1" ]]; then rm -f "$file"; else kept+=("$file"); fi
  done
  locks_held=("${kept[@]}")
}

unlock_all() {
  local file
  for file in "${locks_held[@]}"; do rm -f "$file"; done
  locks_held=()
}
