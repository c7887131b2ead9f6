# Starting the components of a control plane, and waiting for them. Sourced by commands.bash.

# Put before every component: how it enters namespaces. Empty: it stays in those of the script.
enter=()

# Runs in each new process before it becomes the component.
before_component() { :; }

make_directory() { # USER...
  local user
  # It holds keys and the administrator's token.
  (umask 077 && mkdir -p "$dir/pids" "$dir/logs" "$dir/pki" "$dir/users")
  chmod 700 "$dir"
  printf '%s\n' "$version" > "$dir/version"
  printf '%s\n' "$bin" > "$dir/bin"
  # A user for each, so that the audit log tells them apart. RBAC knows most components by name.
  for user in admin system:kube-controller-manager system:kube-scheduler "$@"; do add_user "$user"; done
}

add_user() { # NAME
  local groups=''
  case $1 in
    system:node:*) groups=',"system:nodes"' ;;
    system:*) ;;
    *) groups=',"system:masters"' ;;
  esac
  (
    umask 077
    random_token > "$dir/users/$1"
    printf '%s,%s,%s%s\n' "$(< "$dir/users/$1")" "$1" "$1" "$groups" >> "$dir/tokens.csv"
  )
}

random_token() {
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}

# --- etcd

make_data() { # sets data
  data=$(make_data_directory)
  ln -s "$data" "$dir/data"
}

# Memory is faster than any disk and the data lives no longer than its processes. Not when there is little of it (64 MiB
# in a container): etcd's first log file alone is as large.
make_data_directory() {
  local parent=/dev/shm
  [[ -w $parent ]] && (($(free_kilobytes $parent) > 512 * 1024)) || parent=/tmp
  mktemp -d "$parent/sidecar-operator.XXXXXXXX"
}

free_kilobytes() { # DIRECTORY
  local available
  { read -r _ && read -r _ _ _ available _; } < <(df -Pk "$1") || available=0
  printf '%s\n' "$available"
}

# Unix sockets, in a directory that only this user can enter: no port to find, and nobody else can read the data.
start_etcd() {
  start_component etcd --name=etcd --data-dir="$data/etcd" --unsafe-no-fsync --max-wals=1 --log-level=warn \
    --listen-client-urls="unix://$data/client" --advertise-client-urls=http://localhost:2379 \
    --listen-peer-urls="unix://$data/peer" --initial-cluster=etcd=http://localhost:2380
}

# --- The API server

start_api_server() { # ADDRESS PORT ARGUMENT...
  # Its certificate is for the advertised address too, so that the user can always reach it on loopback.
  start_component kube-apiserver --etcd-servers="unix://$data/client" \
    --bind-address="$1" --secure-port="$2" --advertise-address=127.0.0.1 --endpoint-reconciler-type=none \
    --cert-dir="$dir/pki" --service-cluster-ip-range=10.96.0.0/16 --allow-privileged=true \
    --token-auth-file="$dir/tokens.csv" --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --service-account-issuer=https://kubernetes.default.svc \
    --service-account-signing-key-file="$dir/pki/apiserver.key" --service-account-key-file="$dir/pki/apiserver.key" \
    --audit-policy-file="$control_plane/audit-policy.yaml" --audit-log-path="$dir/audit.log" \
    --audit-log-maxsize=100000 "${@:3}"
}

# Between choosing a port and listening on it, another process may take it: then another port is tried.
listen_on_port() { # COMPONENT WHO FUNCTION: the function starts the component, which is to listen on $port
  local tries listener=$1
  for ((tries = 1; tries <= 5; tries++)); do
    choose_port
    "$3"
    wait_until 120 "$listener" "$2 to listen" listens_or_ended
    if runs "$listener"; then return; fi
    [[ $(< "$dir/logs/$listener.log") == *"ddress already in use"* ]] || component_failed "$listener"
    [[ ! $wanted_port ]] || die "port $port was taken by another process just now: choose another --port, or none"
    say "port $port was taken by another process just now: trying another one"
  done
  die "no port could be had in $((tries - 1)) tries"
}

choose_port() {
  if [[ $wanted_port ]]; then
    port=$wanted_port
    ! port_busy "$port" || die "port $port is in use by another process: choose another --port, or none for any free one"
  else
    # Below the ports that the kernel hands out for outgoing connections.
    until port=$((20000 + RANDOM % 10000)) && ! port_busy "$port"; do :; done
  fi
  printf 'https://127.0.0.1:%s\n' "$port" > "$dir/server"
}

port_busy() { # PORT
  (: <> "/dev/tcp/127.0.0.1/$1") 2> /dev/null
}

listens_or_ended() {
  ! runs "$listener" || port_busy "$port"
}

# The API server has made its own certificate, with that of its authority behind it. Its key signs the tokens of service
# accounts too: so there is no need for a tool that makes keys.
write_ca() {
  local bundle
  bundle=$(< "$dir/pki/apiserver.crt")
  printf '%s\n' "-----BEGIN CERTIFICATE-----${bundle##*-----BEGIN CERTIFICATE-----}" > "$dir/ca.crt"
  mv "$(kubeconfig_of admin)" "$dir/kubeconfig"
}

kubeconfig_of() { # USER: writes it, prints where
  (
    umask 077
    cat > "$dir/users/$1.kubeconfig" << END
apiVersion: v1
kind: Config
current-context: sidecar-operator-$name
contexts:
- name: sidecar-operator-$name
  context: {cluster: sidecar-operator-$name, user: "$1"}
clusters:
- name: sidecar-operator-$name
  cluster:
    server: $(< "$dir/server")
    certificate-authority-data: $(base64 < "$dir/ca.crt" | tr -d '\n')
users:
- name: "$1"
  user: {token: $(< "$dir/users/$1")}
END
  )
  printf '%s\n' "$dir/users/$1.kubeconfig"
}

# --- What runs on it

start_controllers() {
  start_component kube-controller-manager --kubeconfig="$(kubeconfig_of system:kube-controller-manager)" \
    --secure-port=0 --leader-elect=false --use-service-account-credentials \
    --service-account-private-key-file="$dir/pki/apiserver.key" --root-ca-file="$dir/ca.crt" \
    --kube-api-qps=500 --kube-api-burst=1000 \
    --concurrent-deployment-syncs=20 --concurrent-replicaset-syncs=20 --concurrent-statefulset-syncs=20
  start_component kube-scheduler --kubeconfig="$(kubeconfig_of system:kube-scheduler)" \
    --secure-port=0 --leader-elect=false --kube-api-qps=500 --kube-api-burst=1000
}

# --- Components and waiting

start_component() { # COMPONENT ARGUMENT...: of the control plane's binaries
  start_process "$1" "$bin/$1" "${@:2}"
}

# In the background for good: a process group of its own and no hang-up, so that neither Ctrl-C nor the end of the
# terminal reaches it, and no open file of ours. It notes its own identity before it becomes the component, so that
# it is known even if this script is killed in that moment.
start_process() { # COMPONENT COMMAND ARGUMENT...
  local component=$1
  rm -f "$dir/pids/$component"
  (
    set -m
    (
      cd "$dir"
      trap '' HUP
      process_identity "$BASHPID" > "$dir/pids/$component"
      before_component
      exec "${enter[@]}" "${@:2}"
    ) < /dev/null > "$dir/logs/$component.log" 2>&1 &
  )
  until [[ -s $dir/pids/$component ]]; do sleep 0.01; done
}

wait_until() { # SECONDS COMPONENT WHAT CHECK: waits until the check succeeds, as long as all that was started runs
  local end=$((SECONDS + $1)) pids
  until "$4"; do
    for pids in "$dir"/pids/*; do
      # A check may be about the end of the component: it decides.
      runs "${pids##*/}" || "$4" || component_failed "${pids##*/}"
    done
    if ((SECONDS > end)); then
      show_log "$2"
      die "gave up after $1 s of waiting for $3 (logs: $failed_logs)"
    fi
    sleep 0.1
  done
}

component_failed() { # COMPONENT
  show_log "$1"
  die "$1 ended while $what $name was starting; everything is ended (logs: $failed_logs)"
}

show_log() { # COMPONENT
  say "the end of the log of $1:"
  tail -n 20 "$dir/logs/$1.log" >&2
}

api_server_ready() {
  kube get --raw /readyz > /dev/null 2>&1
}

# Ready, and the taint is gone with which a new node keeps pods away.
node_ready() {
  local node
  node=$(kube get --raw /api/v1/nodes/node 2> /dev/null) || return
  [[ $node == *'"type":"Ready","status":"True"'* && $node != *node.kubernetes.io/not-ready* ]]
}

# Without it the first pod of the namespace would be refused. The controller manager makes it, so that one works too.
service_account_made() {
  kube get --raw /api/v1/namespaces/default/serviceaccounts/default > /dev/null 2>&1 &&
    kube get --raw /api/v1/namespaces/default/configmaps/kube-root-ca.crt > /dev/null 2>&1
}

# Not with the user's own settings and caches of kubectl.
kube() {
  KUBERC=off KUBECACHEDIR=$dir/kubectl "$bin/kubectl" --kubeconfig="$dir/kubeconfig" --request-timeout=10s "$@"
}
