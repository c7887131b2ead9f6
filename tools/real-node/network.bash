# A node's namespaces, network and names. Sourced.
#
# Everything but the relays runs in a network and a mount namespace of the node's own, which one process holds: the network has no
# way out, and mounts, addresses, rules and settings are gone with the last process, however it ends.

# The node's address on the bridge of its pods. Every node has the same, each in a network of its own.
address=10.244.0.1
dns_address=10.96.0.10

start_namespaces() {
  start_process namespaces unshare --net --mount --propagation private sleep infinity
  wait_until 10 namespaces "its namespaces" namespaces_made
  enter=(nsenter --net="$(namespace net)" --mount="$(namespace mnt)" --wd="$dir" --)
}

# unshare has done its work when it has become sleep.
namespaces_made() {
  local command
  read -r command < "/proc/$(pid_of namespaces)/comm" && [[ $command == sleep ]]
}

namespace() { # KIND: prints its file
  printf '/proc/%s/ns/%s\n' "$(pid_of namespaces)" "$1"
}

pid_of() { # COMPONENT
  local pid rest
  read -r pid rest < "$dir/pids/$1"
  printf '%s\n' "$pid"
}

inside() { # COMMAND...: in the namespaces
  "${enter[@]}" "$@"
}

# --- Mounts

make_mounts() {
  local setting copies=$dir/settings
  mkdir -p "$dir/containerd" "$dir/var-log" "$copies"
  # The kubelet sets these for the whole machine. Here it writes to copies, so that the machine's stay as they are.
  for setting in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
    cat "/proc/sys/$setting" > "$copies/${setting//\//.}"
  done
  # /run, /var/log and what is written to /var/lib are the node's own: containerd, CNI and the kubelet leave files at fixed places
  # there. Shared within the namespace, as pods with mount propagation want it.
  inside bash -euo pipefail -c '
    cd "$1"
    mount -n --make-rshared /
    mount -n -t tmpfs -o mode=755 tmpfs /run
    mkdir /run/upper /run/work /run/node
    mount -n --bind . /run/node
    mount -n -t overlay -o lowerdir=/var/lib,upperdir=/run/upper,workdir=/run/work overlay /var/lib
    # Back over the overlay, should the cache be below: images can not be unpacked on one.
    if [[ $1/ == /var/lib/* ]]; then mount -n --bind /run/node "$1"; fi
    mount -n --bind var-log /var/log
    for copy in settings/*; do
      file=${copy#*/}
      mount -n --bind "$copy" "/proc/sys/${file//./\/}"
    done
    if [[ $2 == memory ]]; then mount -n -t tmpfs -o mode=700 tmpfs containerd; fi
  ' make_mounts "$dir" "$(overlay_place)"
}

# --- Network

make_network() {
  # A new namespace has its loopback down. Services have addresses that no route leads to, without which connect() fails before
  # their packets are rewritten. The kubelet lets anybody in who reaches it (see kubelet.bash): nobody but the node itself does.
  inside bash -euo pipefail -c '
    ip link set lo up
    ip link add cni0 type bridge
    ip address add "$1/24" dev cni0
    ip link set cni0 up
    ip route add 10.96.0.0/16 dev cni0
    echo 1 > /proc/sys/net/ipv4/ip_forward
    iptables -A INPUT ! -i lo -p tcp --dport 10250 -j REJECT
  ' make_network "$address"
}

# The relays are at the border: one end on this machine's loopback, the other in the node's network, a socket between them.
start_relay() {
  outside relay TCP-LISTEN:"$port",bind=127.0.0.1,reuseaddr,nodelay,backlog=128,fork UNIX-CONNECT:"$data/api"
  if [[ ! -s $dir/pids/relay-inside ]]; then
    start_process relay-inside socat UNIX-LISTEN:"$data/api",mode=600,backlog=128,fork TCP:"$address":6443,nodelay
  fi
}

outside() { # COMPONENT ARGUMENT...: starts socat on this side
  local enter=()
  start_process "$1" socat "${@:2}"
}

# The same kubeconfig works on both sides.
forward_loopback() {
  inside iptables -t nat -A OUTPUT -d 127.0.0.1 -p tcp --dport "$port" -j DNAT --to-destination "$address":6443
}

relay_host_ports() {
  local each
  for each in "${host_ports[@]}"; do
    outside "host-port-$each" UNIX-LISTEN:"$data/port-$each",mode=600,backlog=128,fork TCP:127.0.0.1:"$each",nodelay
    start_process "host-port-$each-inside" \
      socat TCP-LISTEN:"$each",bind=127.0.0.1,reuseaddr,nodelay,backlog=128,fork UNIX-CONNECT:"$data/port-$each"
  done
}

port_open_inside() { # ADDRESS PORT
  inside timeout 1 bash -c ': <> "/dev/tcp/$1/$2"' port_open_inside "$1" "$2" 2> /dev/null
}

api_server_listens() { port_open_inside "$address" 6443; }

# --- Services and names

start_proxy() {
  # Pods share one bridge: without masquerading, an answer would go past the rule that rewrites it. The zeros leave the
  # machine's limits as they are.
  start_process kube-proxy "$node_bin/kube-proxy" --kubeconfig="$(kubeconfig_of system:kube-proxy)" --hostname-override=node \
    --proxy-mode=iptables --masquerade-all --cluster-cidr=10.244.0.0/24 --conntrack-max-per-core=0 \
    --conntrack-tcp-timeout-established=0 --conntrack-tcp-timeout-close-wait=0
}

start_dns() {
  # There is no way out, so a name outside does not exist: said at once, where a client would wait for its time-out.
  cat > "$dir/Corefile" << END
cluster.local in-addr.arpa ip6.arpa {
  bind $address
  errors
  kubernetes {
    kubeconfig $(quoted_for_dns "$(kubeconfig_of system:coredns)")
    pods insecure
    ttl 1
  }
}
. {
  bind $address
  template ANY ANY {
    rcode NXDOMAIN
  }
}
END
  start_process coredns "$node_bin/coredns" -conf "$dir/Corefile"
}

quoted_for_dns() { # TEXT
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

dns_answers() { port_open_inside "$dns_address" 53; }

# What a new node has: the API server's own Service, the DNS server's, and what its user may read.
node_objects() {
  cat << END
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: kubernetes
  namespace: default
  labels: {kubernetes.io/service-name: kubernetes}
addressType: IPv4
endpoints: [{addresses: [$address]}]
ports: [{name: https, port: 6443, protocol: TCP}]
---
apiVersion: v1
kind: Service
metadata:
  name: kube-dns
  namespace: kube-system
  labels: {k8s-app: kube-dns, kubernetes.io/name: CoreDNS}
spec:
  clusterIP: $dns_address
  ports:
  - {name: dns, port: 53, protocol: UDP}
  - {name: dns-tcp, port: 53, protocol: TCP}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: kube-dns
  namespace: kube-system
  labels: {kubernetes.io/service-name: kube-dns}
addressType: IPv4
endpoints: [{addresses: [$address]}]
ports:
- {name: dns, port: 53, protocol: UDP}
- {name: dns-tcp, port: 53, protocol: TCP}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: coredns
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: coredns}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:coredns"}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: coredns
rules:
- {apiGroups: [""], resources: [services, pods, namespaces], verbs: [list, watch]}
- {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [list, watch]}
END
}
