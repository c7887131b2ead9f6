# What tools/node needs of the machine, and how it ends where it has not got it. Sourced.

# Each package of Debian and Ubuntu, and the programs of it that are needed, by this script or by what it starts.
packages=(
  "busybox-static busybox"
  "containerd containerd containerd-shim-runc-v2 ctr"
  "iproute2 ip"
  "iptables iptables iptables-restore iptables-save"
  "mount mount umount"
  "runc runc"
  "socat socat"
  "tar tar"
  "util-linux nsenter unshare"
)

# Plugins for the pods' network: where distributions and people have them.
cni_directories=(/usr/lib/cni /opt/cni/bin /usr/libexec/cni)

cannot_run() { # WHY
  say "tools/node: no node can run here: $1"
  exit 3
}

# Everything that can be known before anything is built or installed.
check_machine() {
  local missing
  [[ ${OSTYPE:-} == linux* ]] || cannot_run "it needs Linux (this is ${OSTYPE:-unknown})"
  need_root
  [[ $cache/ != /run/* && $cache/ != /var/run/* ]] || cannot_run "$cache is in /run, which a node has one of its own of: set XDG_CACHE_HOME"
  missing=$(missing_packages)
  if [[ $missing ]]; then
    type -P apt-get > /dev/null ||
      cannot_run "these packages are missing, and there is no apt-get to install them: ${missing//$'\n'/ }"
  fi
  check_cgroups
  check_mounts
}

need_root() {
  ((EUID == 0)) || cannot_run "it needs root (this is user $EUID)"
}

missing_packages() { # prints each
  local line names
  for line in "${packages[@]}"; do
    read -ra names <<< "$line"
    type -P "${names[@]:1}" > /dev/null || printf '%s\n' "${names[0]}"
  done
  [[ $(cni_directory) ]] || printf 'containernetworking-plugins\n'
}

cni_directory() { # prints it, or nothing
  local directory
  for directory in "${cni_directories[@]}"; do
    [[ -x $directory/bridge && -x $directory/host-local && -x $directory/loopback ]] || continue
    printf '%s\n' "$directory"
    return
  done
}

# Left where they are by down: they are the machine's, and the next node needs them.
install_packages() {
  local missing log
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]})) || return 0
  mkdir -p "$cache"
  log=$cache/packages.log
  say "installing ${missing[*]} (log: $log)"
  # With the lists that are there, first; then with new ones.
  if ! apt install -y --no-install-recommends "${missing[@]}" > "$log" 2>&1; then
    { apt update && apt install -y --no-install-recommends "${missing[@]}"; } >> "$log" 2>&1 ||
      cannot_run "${missing[*]} could not be installed: $(tail -n 1 "$log")"
  fi
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]} == 0)) || cannot_run "${missing[*]} was installed, but its programs are not in the PATH"
  rm -f "$log"
}

apt() { # COMMAND ARGUMENT...: without questions
  DEBIAN_FRONTEND=noninteractive timeout 300 apt-get -q "$@" < /dev/null
}

# --- cgroups

# One directory in every hierarchy of version 1, or the one of version 2.
cgroup_hierarchies() {
  local hierarchy
  if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
    printf '/sys/fs/cgroup\n'
    return
  fi
  for hierarchy in /sys/fs/cgroup/*/; do
    # Controllers that are mounted together have links with their single names. The unified hierarchy has no controllers.
    if [[ ! -L ${hierarchy%/} && -e ${hierarchy}tasks ]]; then printf '%s\n' "${hierarchy%/}"; fi
  done
}

check_cgroups() {
  local hierarchies hierarchy probe
  mapfile -t hierarchies < <(cgroup_hierarchies)
  ((${#hierarchies[@]})) || cannot_run "/sys/fs/cgroup has no cgroups"
  for hierarchy in "${hierarchies[@]}"; do
    probe=$hierarchy/sidecar-operator.probe-$$
    mkdir "$probe" 2> /dev/null || cannot_run "$hierarchy is not writable: no cgroups for pods can be made"
    rmdir "$probe"
  done
  [[ $(tracking_hierarchy) ]] || cannot_run "/sys/fs/cgroup has no pids controller"
}

# The hierarchy in which all processes of a node are found.
tracking_hierarchy() {
  local hierarchy
  for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/pids; do
    if [[ -e $hierarchy/cgroup.controllers || -e $hierarchy/tasks ]]; then
      printf '%s\n' "$hierarchy"
      return
    fi
  done
}

# --- Mounts

# Where images are unpacked: beside the node's other data, or in memory where overlays do not work on that file system (it is
# an overlay itself, in most containers).
check_mounts() {
  # Not before the programs are there.
  type -P unshare mount > /dev/null || return 0
  unshare --mount --net --propagation private true 2> /dev/null || cannot_run "no namespaces can be made (unshare failed)"
  [[ $(overlay_place) ]] || cannot_run "no overlay can be mounted, neither in $cache nor in memory"
}

overlay_place() { # prints disk or memory; nothing when an overlay works on neither
  local directory place=''
  mkdir -p "$cache"
  directory=$(mktemp -d "$cache/.overlay.XXXXXX")
  # The mounts are gone with the namespace; -n, because mount would note them in /run, which is the machine's.
  if try_overlay "$directory"; then
    place=disk
  elif try_overlay "$directory" mount -n -t tmpfs tmpfs; then
    place=memory
  fi
  rm -rf "$directory"
  if [[ $place ]]; then printf '%s\n' "$place"; fi
}

try_overlay() { # DIRECTORY [MOUNT-COMMAND...]: mounts this on it before
  unshare --mount --propagation private bash -euo pipefail -c '
    if (($# > 1)); then "${@:2}" "$1"; fi
    cd "$1"
    mkdir -p lower upper work merged
    mount -n -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged
    : > merged/file
  ' try_overlay "$@" 2> /dev/null
}
