# The kubelet and containerd of a node, and the cgroups of its processes. Sourced.

# --- cgroups: one directory in each hierarchy, with the name of the node's directory in memory, which is unlike any other's

cgroup_name() { # prints it, or nothing when the node has not come so far
  local data
  data=$(readlink "$dir/data") || return 0
  if [[ $data == */sidecar-operator.* ]]; then printf '%s\n' "${data##*/}"; fi
}

make_cgroups() {
  local hierarchy
  while read -r hierarchy; do
    mkdir "$hierarchy/${data##*/}"
  done < <(cgroup_hierarchies)
  mkdir -p "$(tracking_hierarchy)/${data##*/}/node"
}

# Each process of the node is in its cgroup from the start, and what it starts is too (shims, plugins). So all of it
# can be found at the end, whoever its parent was.
before_component() {
  printf '%s\n' "$BASHPID" > "$(tracking_hierarchy)/${data##*/}/node/cgroup.procs"
}

end_cgroups() {
  local group hierarchy tries pids
  group=$(cgroup_name)
  [[ $group ]] || return 0
  for ((tries = 0; tries < 200; tries++)); do
    mapfile -t pids < <(processes_of "$group")
    ((${#pids[@]})) || break
    kill -KILL "${pids[@]}" 2> /dev/null || true
    sleep 0.05
  done
  for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*/; do
    remove_cgroup "${hierarchy%/}/$group"
  done
}

processes_of() { # GROUP
  local file
  shopt -s globstar
  for file in "$(tracking_hierarchy)/$1"/**/cgroup.procs; do
    # It may be gone by now.
    cat "$file" 2> /dev/null || true
  done
}

remove_cgroup() ( # DIRECTORY
  shopt -s globstar nullglob
  for ((tries = 0; tries < 100; tries++)); do
    [[ -e $1 ]] || exit 0
    directories=("$1"/**/)
    # The innermost first.
    for ((i = ${#directories[@]} - 1; i >= 0; i--)); do rmdir "${directories[i]}" 2> /dev/null || true; done
    [[ -e $1 ]] || exit 0
    sleep 0.05
  done
  say "the cgroup $1 can not be removed"
)

# --- containerd

start_containerd() {
  local plugins version
  plugins=$(cni_directory)
  mkdir -p "$dir/cni"
  cat > "$dir/cni/10-pods.conflist" << END
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true, "ipMasq": false, "ipam":
    {"type": "host-local", "dataDir": "/run/cni", "ranges": [[{"subnet": "10.244.0.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
END
  version=$(containerd --version)
  version=${version#* * }
  if [[ ${version#v} == 1.* ]]; then containerd_1 > "$dir/containerd.toml"; else containerd_2 > "$dir/containerd.toml"; fi
  start_process containerd containerd --config "$dir/containerd.toml"
}

# Without the capability to lower the score of the out-of-memory killer (a container has not got it), the score stays. The
# profiles of AppArmor are the machine's: none is loaded.
containerd_1() {
  cat << END
version = 2
$(containerd_places)
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$pause_image"
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$plugins"
    conf_dir = "$dir/cni"
END
}

containerd_2() {
  cat << END
version = 3
$(containerd_places)
[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "$pause_image"
[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["$plugins"]
    conf_dir = "$dir/cni"
END
}

# Sockets have short paths: their limit is 107 bytes.
containerd_places() {
  cat << END
root = "$dir/containerd"
state = "/run/containerd"
[grpc]
  address = "$data/containerd"
[plugins."io.containerd.internal.v1.opt"]
  path = "$dir/containerd/opt"
END
}

containerd_answers() { containerd_ctl version > /dev/null 2>&1; }

containerd_ctl() { # ARGUMENT...
  ctr --address "$(readlink "$dir/data")/containerd" --namespace k8s.io "$@"
}

import_images() { # FILE...
  local file said
  for file; do
    said=$(containerd_ctl images import "$file" 2>&1) || die "$file can not be loaded: $said"
  done
}

# --- The kubelet

start_kubelet() {
  local cgroup_v1=''
  [[ -e /sys/fs/cgroup/cgroup.controllers ]] || cgroup_v1='failCgroupV1: false'
  # The API server would need a certificate to show to the kubelet, and a tool to make one. Instead nobody but the node itself
  # reaches the kubelet's port (see network.bash), and whoever does may do everything.
  # A pod that asks for no names of the cluster's has none: an empty file would become the machine's own.
  printf 'nameserver %s\n' "$address" > "$dir/resolv.conf"
  cat > "$dir/kubelet.yaml" << END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $address
healthzBindAddress: 127.0.0.1
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
containerRuntimeEndpoint: "unix://$data/containerd"
cgroupDriver: cgroupfs
cgroupRoot: /${data##*/}
$cgroup_v1
oomScoreAdj: 0
failSwapOn: false
clusterDNS: [$dns_address]
clusterDomain: cluster.local
resolvConf: "$dir/resolv.conf"
volumePluginDir: "$dir/kubelet/volume-plugins"
# The machine's disk may be as full as it likes.
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi, nodefs.available: "0%", imagefs.available: "0%", nodefs.inodesFree: "0%"}
syncFrequency: 10s
nodeStatusUpdateFrequency: 5s
END
  start_process kubelet "$node_bin/kubelet" --config="$dir/kubelet.yaml" --kubeconfig="$(kubeconfig_of system:node:node)" \
    --root-dir="$dir/kubelet" --cert-dir="$dir/kubelet/pki" --hostname-override=node --node-ip="$address"
}
