# The binaries of a control plane: which version, where they are, and how they are built. Sourced by commands.bash.
#
# The pinned version is the one of control-plane/kubernetes/go.mod. Another one (KUBERNETES_VERSION=1.35.4, or 1.35
# for its newest patch) gets a module of the same form, generated from its own go.mod.
#
# What is built is said by these variables. tools/node builds more in the same way: it has values of its own for them.

# Each binary, the module that pins it, and its package.
programs=(
  "etcd kubernetes go.etcd.io/etcd/server/v3"
  "kube-apiserver kubernetes k8s.io/kubernetes/cmd/kube-apiserver"
  "kube-controller-manager kubernetes k8s.io/kubernetes/cmd/kube-controller-manager"
  "kube-scheduler kubernetes k8s.io/kubernetes/cmd/kube-scheduler"
  "kubectl kubernetes k8s.io/kubernetes/cmd/kubectl"
  "kwok kwok sigs.k8s.io/kwok/cmd/kwok"
)
# Where the modules are; the one that follows the version of Kubernetes, and the other one.
modules=$control_plane
kubernetes_module=kubernetes
other_module=kwok
builds=$cache/kubernetes
contents="etcd and kwok"
duration="5 to 10 minutes"
without_go="; or set KUBEBUILDER_ASSETS to a directory that has
  ${programs[*]%% *}"

# Raise it when the way of building changes, so that what is in the caches is built anew.
recipe=1

pinned_version() { # the version of KEY in the go.mod of MODULE, without the v
  local key version rest
  while read -r key version rest; do
    [[ $key == require ]] && read -r key version rest <<< "$version $rest"
    if [[ $key == "$2" && $version == v* ]]; then
      printf '%s\n' "${version#v}"
      return
    fi
  done < "$control_plane/$1/go.mod"
  die "$control_plane/$1/go.mod does not require $2"
}

# Sets bin: where the binaries of the version are. Builds them when they are nowhere.
find_or_build() {
  if use_assets; then return; fi
  find_in_cache_or_build
}

find_in_cache_or_build() {
  bin=$builds/$version
  is_complete && return
  need_go
  mkdir -p "$builds"
  lock "$builds/.lock" "builds Kubernetes"
  # Whoever had the lock before may have built just this.
  if ! is_complete; then build; fi
  unlock "$builds/.lock"
}

choose_version() { # sets version
  local pinned wanted=${KUBERNETES_VERSION:-}
  pinned=$(pinned_version kubernetes k8s.io/kubernetes) || exit
  wanted=${wanted#v}
  case $wanted in
    '' | "$pinned" | "${pinned%.*}") version=$pinned ;;
    *[!0-9.]* | .* | *. | *..* | *.*.*.*) die "KUBERNETES_VERSION=$KUBERNETES_VERSION is no version: try $pinned" ;;
    *.*.*) version=$wanted ;;
    *.*) version=$(newest_patch "$wanted") || exit ;;
    *) die "KUBERNETES_VERSION=$KUBERNETES_VERSION is no version: try $pinned" ;;
  esac
}

newest_patch() { # MINOR: of the ones in the cache, so that nothing needs the network twice; else of all
  local bin version found=''
  for bin in "$builds/$1".*; do
    version=${bin##*/}
    if is_complete && ((${version##*.} >= ${found:-0})); then found=${version##*.}; fi
  done
  if [[ $found ]]; then
    printf '%s\n' "$1.$found"
  else
    need_go
    download_kubernetes "$1" Version
  fi
}

# KUBEBUILDER_ASSETS is where other tools look for these binaries too, most with fewer of them.
use_assets() {
  local name missing=() reported
  [[ ${KUBEBUILDER_ASSETS:-} ]] || return 1
  for name in "${programs[@]%% *}"; do
    [[ -x $KUBEBUILDER_ASSETS/$name ]] || missing+=("$name")
  done
  if ((${#missing[@]})); then
    say "KUBEBUILDER_ASSETS is not used: $KUBEBUILDER_ASSETS has no ${missing[*]}"
    return 1
  fi
  reported=$("$KUBEBUILDER_ASSETS/kube-apiserver" --version) || reported='Kubernetes v?'
  reported=${reported#Kubernetes v}
  if [[ ${KUBERNETES_VERSION:-} && $reported != "$version" ]]; then
    say "KUBEBUILDER_ASSETS is not used: it has Kubernetes $reported, KUBERNETES_VERSION asks for $version"
    return 1
  fi
  version=$reported
  bin=$(cd -- "$KUBEBUILDER_ASSETS" && pwd)
}

# What the binaries of a version were built from. A directory without this stamp is half built, or of another pin.
stamp() {
  local sources=("$modules/$other_module"/{go.mod,go.sum}) source
  for source in "$modules/$other_module"/*.go; do
    if [[ -e $source ]]; then sources+=("$source"); fi
  done
  if is_pinned; then sources+=("$modules/$kubernetes_module"/{go.mod,go.sum}); fi
  printf '%s %s ' "$recipe" "$version"
  cat "${sources[@]}" | sha256sum
}

is_pinned() {
  [[ $version == "$(pinned_version kubernetes k8s.io/kubernetes)" ]]
}

is_complete() {
  local name
  for name in "${programs[@]%% *}"; do
    [[ -x $bin/$name ]] || return 1
  done
  [[ -f $bin/.stamp && $(< "$bin/.stamp") == "$(stamp)" ]]
}

need_go() {
  command -v go > /dev/null && return
  die "the Go toolchain is missing. Kubernetes is built with it from source, once: install Go
  $(go_directive) or newer (https://go.dev/dl/) and put it in the PATH$without_go"
}

go_directive() {
  local key value
  while read -r key value; do
    [[ $key == go ]] && printf '%s\n' "$value" && return
  done < "$control_plane/kubernetes/go.mod"
}

# --- The build. It happens beside, and is moved into place when all of it is there.

build() {
  local module=$modules/$kubernetes_module work log=$builds/build-$version.log start=$SECONDS line name home package
  # Left by builds that were killed; we hold the lock.
  rm -rf "$builds"/.building.*
  work=$(mktemp -d "$builds/.building.XXXXXX")
  to_remove+=("$work")
  mkdir "$work/bin"
  : > "$log"
  say "building Kubernetes $version, $contents from source into $bin"
  say "this happens once and takes $duration on 2 cores (log: $log)"
  if ! is_pinned; then
    module=$work/module
    generate_module "$module"
  fi
  for line in "${programs[@]}"; do
    read -r name home package <<< "$line"
    if [[ $home == "$kubernetes_module" ]]; then home=$module; else home=$modules/$home; fi
    build_binary "$home" "$name" "$package"
  done
  stamp > "$work/bin/.stamp"
  publish
  say "built in $(((SECONDS - start) / 60)) min $(((SECONDS - start) % 60)) s"
}

publish() {
  if [[ -e $bin ]]; then mv "$bin" "$work/old"; fi
  mv "$work/bin" "$bin"
  rm -rf "$work" "$log"
}

build_binary() { # MODULE NAME PACKAGE
  (
    cd "$1"
    run_go build -trimpath -buildvcs=false -ldflags "$(link_flags)" -o "$work/bin/$2" "$3"
  ) >> "$log" 2>&1 &
  show_progress $! "$2" && return
  say "building $2 failed; the end of $log:"
  tail -n 20 "$log" >&2
  die "nothing half built is kept. Run the command again to go on: Go keeps what it has compiled"
}

# Without the environment's say in how to build, and without a C compiler. Replaces the (sub)shell.
run_go() {
  unset GOOS GOARCH
  GOFLAGS=-mod=readonly GOWORK=off CGO_ENABLED=0 exec go "$@"
}

# Without these Kubernetes says that it is v0.0.0, and clients believe it.
link_flags() {
  local package minor=${version#*.} flags='-s -w'
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=v$version -X $package.gitMajor=${version%%.*} -X $package.gitMinor=${minor%%.*}"
    flags+=" -X $package.gitTreeState=clean"
  done
  printf '%s\n' "$flags"
}

show_progress() { # PID NAME: waits for it; on a terminal with a clock
  local start=$SECONDS
  children+=("$1")
  if [[ -t 2 ]]; then
    while kill -0 "$1" 2> /dev/null; do
      printf '\r  %-24s %4d s' "$2" $((SECONDS - start)) >&2
      sleep 0.5
    done
    printf '\n' >&2
  else
    printf '  %s ...\n' "$2" >&2
  fi
  wait "$1" || return
  children=()
  [[ -t 2 ]] || printf '  %-24s %4d s\n' "$2" $((SECONDS - start)) >&2
}

# --- Another version than the pinned one

# A module as the pinned one. Kubernetes' own go.mod points the staging modules into its source tree;
# from outside they are the v0 modules of the same release.
generate_module() { # DIRECTORY
  local own line name home package
  own=$(download_kubernetes "$version" GoMod) || exit
  mkdir "$1"
  {
    printf 'module sidecar-operator.io/tools/%s\n\n' "$kubernetes_module"
    while IFS= read -r line; do
      case $line in 'go '* | 'godebug '*) printf '%s\n' "$line" ;; esac
    done < "$own"
    for line in "${programs[@]}"; do
      read -r name home package <<< "$line"
      if [[ $home == "$kubernetes_module" ]]; then printf 'tool %s\n' "$package"; fi
    done
    printf 'require k8s.io/kubernetes v%s\n' "$version"
    while read -r line; do
      [[ $line == *' => ./staging/'* ]] || continue
      line=${line#replace }
      printf 'replace %s => %s v0.%s\n' "${line%% *}" "${line%% *}" "${version#*.}"
    done < "$own"
  } > "$1/go.mod"
  (
    cd "$1"
    GOFLAGS=-mod=mod GOWORK=off exec go mod tidy
  ) >> "$log" 2>&1 &
  show_progress $! 'go mod tidy' && return
  tail -n 20 "$log" >&2
  die "the modules of Kubernetes $version can not be resolved (log: $log)"
}

download_kubernetes() { # VERSION FIELD: downloads its source, prints a field of what Go says about it
  local said line
  # Outside any module, so that no go.mod has a say.
  said=$(cd / && GOFLAGS=-mod=mod GOWORK=off go mod download -json "k8s.io/kubernetes@v$1" 2>&1) || true
  while read -r line; do
    if [[ $line == "\"$2\": \""* ]]; then
      line=${line#*: \"}
      line=${line%%\"*}
      [[ $2 != Version ]] || line=${line#v}
      printf '%s\n' "$line"
      return
    fi
  done <<< "$said"
  die "there is no source of Kubernetes $1 to be had: $said"
}
