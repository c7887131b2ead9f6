# The commands of tools/cluster and tools/node: what a user can say, what becomes of it, and the directory of what runs. Sourced.
#
# The script says what it starts in $what, "cluster" or "node", and has these functions:
#   usage              prints the help
#   build_all          finds or builds the binaries; sets bin, where those of the control plane are
#   print_built        prints where they are
#   start_all          starts everything, in $dir
#   print_more_env     prints the lines of env that only it has
#   end_rest           ends and removes what is neither a process that it noted nor in its directory
#   prepare_machine    before up: ends the script when it can not run here
#   check_options      of up, when it runs already
#   own_option         OPTION VALUE: takes an option with a value that only it has, or fails
# A command that only it has is a function command_NAME, which gets the rest of the line.

say() { printf '%s\n' "$*" >&2; }
die() {
  say "tools/$what: $*"
  exit 1
}

[[ ${XDG_CACHE_HOME:-} == /* || ${HOME:-} ]] || die "neither XDG_CACHE_HOME nor HOME is set: there is no place for the binaries"

# A relative XDG_CACHE_HOME is to be ignored, says its specification.
if [[ ${XDG_CACHE_HOME:-} == /* ]]; then cache=$XDG_CACHE_HOME/sidecar-operator; else cache=$HOME/.cache/sidecar-operator; fi
all=$cache/${what}s

# shellcheck source=tools/control-plane/process.bash
source "$control_plane/process.bash"
# shellcheck source=tools/control-plane/build.bash
source "$control_plane/build.bash"
# shellcheck source=tools/control-plane/start.bash
source "$control_plane/start.bash"

# --- What happens when the script ends, however it ends

children=()
to_remove=()
starting=''

clean_up() {
  local child
  trap '' INT TERM HUP
  for child in "${children[@]}"; do kill "$child" 2> /dev/null || true; done
  if [[ $starting ]]; then
    end_components
    mv "$dir/logs" "$failed_logs" 2> /dev/null || true
    end_everything
  fi
  if ((${#to_remove[@]})); then rm -rf "${to_remove[@]}"; fi
  unlock_all
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# --- Commands

up() {
  prepare_machine
  choose_version
  # Before anything is built: what runs needs no binaries.
  if is_up; then check_running && return; fi
  build_all
  mkdir -p "$all"
  lock "$all/.$name.lock" "starts or ends $what $name"
  # Whoever had the lock before may have started just this.
  if is_up; then check_running && return; fi
  if [[ -e $dir ]]; then
    say "$what $name $(what_happened): it is started anew, without its old data"
    end_everything
  fi
  starting=1
  rm -rf "$failed_logs"
  start_all
  local dead
  dead=$(first_dead)
  [[ ! $dead ]] || component_failed "$dead"
  : > "$dir/up"
  starting=''
  print_use "is up"
}

what_happened() { # to one that has a directory and is not up
  if [[ -e $dir/up ]]; then
    printf 'has lost its %s' "$(first_dead)"
  elif lock_is_held "$all/.$name.lock"; then
    printf 'is being started or ended'
  else
    printf 'was left half started'
  fi
}

check_running() {
  local running
  running=$(< "$dir/version")
  bin=$(< "$dir/bin")
  [[ ! ${KUBERNETES_VERSION:-} || $running == "$version" ]] ||
    die "$what $name runs Kubernetes $running, not $version: end it first ($(command_line down)), or take another --name"
  check_options
  kube get --raw /readyz > /dev/null ||
    die "$what $name runs, but its API server is not ready: see $dir/logs, or start anew with $(command_line down)"
  print_use "is already up"
}

print_use() { # WHAT
  cat << END
${what^} $name $1: Kubernetes $(< "$dir/version") at $(< "$dir/server")
  to use it:  eval "\$($(command_line env))"
  to end it:  $(command_line down)
END
}

need_up() {
  [[ -e $dir ]] || die "$what $name is not up: start it with $(command_line up)"
  is_up || die "$what $name $(what_happened): use $(command_line up)"
}

print_env() {
  need_up
  export_line KUBECONFIG "$dir/kubeconfig"
  printf "export PATH=%s:\"\$PATH\"\n" "$(quoted "$(< "$dir/bin")")"
  export_line "SIDECAR_${what^^}_AUDIT_LOG" "$dir/audit.log"
  export_line "SIDECAR_${what^^}_DIR" "$dir"
  export_line "SIDECAR_${what^^}_SERVER" "$(< "$dir/server")"
  export_line "SIDECAR_${what^^}_CA" "$dir/ca.crt"
}

export_line() { printf 'export %s=%s\n' "$1" "$(quoted "$2")"; }

quoted() { printf "'%s'" "${1//\'/\'\\\'\'}"; }

down() {
  if [[ ! -e $dir ]]; then
    say "$what $name is not up"
    return
  fi
  lock "$all/.$name.lock" "starts or ends $what $name"
  end_everything
  unlock "$all/.$name.lock"
  rm -rf "$failed_logs"
  say "$what $name is down"
}

down_all() {
  local each
  for each in "$all"/*/; do
    [[ -e $each ]] || continue
    each=${each%/}
    select_one "${each##*/}"
    down
  done
}

list() {
  local each state
  for each in "$all"/*/; do
    [[ -e $each ]] || continue
    each=${each%/}
    select_one "${each##*/}"
    if is_up; then state=$(< "$dir/server"); else state=$(what_happened); fi
    printf '%-20s %s\n' "$name" "$state"
  done
}

build_only() {
  choose_version
  build_all
  print_built
}

# --- Its directory: pids/COMPONENT, logs/COMPONENT.log, kubeconfig, ca.crt, audit.log, ... and, written last, up

select_one() { # NAME
  name=$1
  dir=$all/$name
  failed_logs=$all/.failed-$name
}

command_line() { # COMMAND: as the user would type it for this one
  if [[ $name == default ]]; then printf '%s %s' "$program" "$1"; else printf '%s %s --name %s' "$program" "$1" "$name"; fi
}

is_up() {
  [[ -e $dir/up && ! $(first_dead) ]]
}

first_dead() { # prints the first component that does not run, or nothing
  local pids
  for pids in "$dir"/pids/*; do
    runs "${pids##*/}" && continue
    printf '%s\n' "${pids##*/}"
    return
  done
}

runs() { # COMPONENT
  [[ -s $dir/pids/$1 ]] && process_alive "$(< "$dir/pids/$1")"
}

end_everything() {
  local data
  end_components
  end_rest
  # Outside the directory, in memory. The pattern guards what is removed, should the link be damaged.
  data=$(readlink "$dir/data") || data=''
  if [[ $data == */sidecar-operator.* ]]; then rm -rf "$data"; fi
  rm -rf "$dir"
}

end_components() {
  local pids identity
  for pids in "$dir"/pids/*; do
    [[ -s $pids ]] || continue
    identity=$(< "$pids")
    kill_process "$identity" || say "${pids##*/} (process ${identity%% *}) does not end"
  done
}

# --- The command line

wrong_usage() {
  say "tools/$what: $1"
  usage >&2
  exit 2
}

main() {
  local command='' every='' operands=()
  wanted_port=''
  select_one default
  while (($#)); do
    case $1 in
      --*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" && continue ;;
      --all) every=1 ;;
      -h | --help | help) usage && return ;;
      --name | --port) (($# > 1)) || wrong_usage "$1 needs a value" ;;&
      --name) select_one "$2" && shift ;;
      --port) wanted_port=$2 && shift ;;
      -*) own_option "$1" "${2-}" || wrong_usage "there is no option $1" && shift ;;
      *)
        if [[ ! $command ]]; then
          command=$1
        elif declare -F "command_$command" > /dev/null; then
          # The rest is for that command, options too: they are another program's.
          operands=("$@")
          break
        else
          wrong_usage "one command at a time: $command or $1"
        fi
        ;;
    esac
    shift
  done
  [[ $name =~ ^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$ ]] || wrong_usage "a name has a-z, 0-9 and - only, at most 42: '$name'"
  [[ ! $wanted_port ]] || is_port "$wanted_port" || wrong_usage "'$wanted_port' is no port"
  [[ ! $every || $command == down ]] || wrong_usage "--all goes with down only"
  case $command in
    up) up ;;
    env) print_env && print_more_env ;;
    down) if [[ $every ]]; then down_all; else down; fi ;;
    list) list ;;
    build) build_only ;;
    '') wrong_usage "which command?" ;;
    *)
      declare -F "command_$command" > /dev/null || wrong_usage "there is no command $command"
      "command_$command" "${operands[@]}"
      ;;
  esac
}

is_port() { [[ $1 =~ ^[1-9][0-9]{0,4}$ ]]; }
