# The images that every node has. Sourced.

pause_image=sidecar-operator.local/pause:1
# The name that the examples use.
busybox_image=docker.io/library/busybox:1.37.0

images=$cache/real-node/images

# Made once from Debian's busybox, which needs no other file.
make_images() {
  local stamp work
  stamp=$(cat "$real_node/make-image" "$real_node/images.bash" "$(type -P busybox)" | sha256sum)
  [[ ! -e $images/.stamp || $(< "$images/.stamp") != "$stamp" ]] || return 0
  mkdir -p "$cache/real-node"
  lock "$cache/real-node/.images.lock" "makes images"
  work=$(mktemp -d "$cache/real-node/.images.XXXXXX")
  to_remove+=("$work")
  mkdir "$work/images"
  busybox_root "$work/files"
  # It holds a pod's namespaces, and as the first process of a shared one it takes in orphans.
  "$real_node/make-image" "$work/images/pause.tar" "$pause_image" "$work/files" \
    --entrypoint '["/bin/sh", "-c", "trap \"exit 0\" INT TERM; while :; do sleep 86400 & wait; done"]'
  "$real_node/make-image" "$work/images/busybox.tar" "$busybox_image" "$work/files" --cmd '["sh"]'
  printf '%s\n' "$stamp" > "$work/images/.stamp"
  rm -rf "$images"
  mv "$work/images" "$images"
  rm -rf "$work"
  unlock "$cache/real-node/.images.lock"
}

busybox_root() ( # DIRECTORY
  umask 022
  mkdir -p "$1"/{bin,dev,etc,home,proc,root,sys,tmp,usr,var/log}
  chmod 1777 "$1/tmp"
  cp -L -- "$(type -P busybox)" "$1/bin/busybox"
  chmod 755 "$1/bin/busybox"
  cd "$1/bin"
  for applet in $(busybox --list); do
    if [[ $applet != busybox ]]; then printf '%s\0' "$applet"; fi
  done | busybox xargs -0 -n 1 ln -s busybox
  printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'nobody:x:65534:65534:nobody:/home:/bin/false' > "$1/etc/passwd"
  printf '%s\n' 'root:x:0:' 'nobody:x:65534:' > "$1/etc/group"
)
