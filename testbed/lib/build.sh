# shellcheck shell=bash
# The servers, built once from their Go modules and kept per version outside the checkout.

KUBERNETES_VERSION=1.34.4
ETCD_VERSION=3.6.8
HELM_VERSION=3.22.0
KUSTOMIZE_VERSION=5.8.1

CLUSTER_PROGRAMS=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy etcd pause)
EVERY_PROGRAM=(kubectl helm kustomize tools)

# describe_program NAME: sets MODULE (folder), VERSION, PACKAGE, LINK_FLAGS.
describe_program() {
  local kubernetes=k8s.io/component-base/version
  LINK_FLAGS="-s -w"
  case $1 in
    etcd) MODULE=etcd VERSION=$ETCD_VERSION PACKAGE=go.etcd.io/etcd/server/v3 ;;
    helm)
      MODULE=helm VERSION=$HELM_VERSION PACKAGE=helm.sh/helm/v3/cmd/helm
      LINK_FLAGS+=" -X helm.sh/helm/v3/internal/version.version=v$HELM_VERSION"
      ;;
    kustomize)
      MODULE=kustomize VERSION=$KUSTOMIZE_VERSION PACKAGE=sigs.k8s.io/kustomize/kustomize/v5
      ;;
    tools | pause) MODULE=servers VERSION=1 PACKAGE=./$1 ;;
    *)
      MODULE=kubernetes VERSION=$KUBERNETES_VERSION PACKAGE=k8s.io/kubernetes/cmd/$1
      # Without it the server calls itself v0.0.0-master+$Format:%H$, which no client can read as a version.
      LINK_FLAGS+=" -X $kubernetes.gitVersion=v$VERSION -X $kubernetes.gitMajor=${VERSION%%.*}"
      LINK_FLAGS+=" -X $kubernetes.gitMinor=$(cut -d. -f2 <<<"$VERSION") -X $kubernetes.gitTreeState=clean"
      ;;
  esac
}

# program_file NAME: the name in the cache; another go.mod, go.sum, source of ours or flag is another file.
program_file() {
  local MODULE VERSION PACKAGE LINK_FLAGS hash
  describe_program "$1"
  hash=$({
    cat "$HERE/$MODULE/"go.*
    [[ $MODULE != servers ]] || cat "$HERE/$MODULE/"*/*.go
    printf '%s' "$LINK_FLAGS" "$(uname -m)"
  } | sha256sum | head -c 12)
  printf '%s-%s-%s' "$1" "$VERSION" "$hash"
}

needed_programs() {
  printf '%s\n' "${EVERY_PROGRAM[@]}"
  [[ -n $KUBECONFIG_GIVEN ]] || printf '%s\n' "${CLUSTER_PROGRAMS[@]}"
}

unbuilt_programs() {
  local program
  for program in $(needed_programs); do
    [[ -x $CACHE/bin/$(program_file "$program") ]] || printf '%s\n' "$program"
  done
}

build_programs() {
  local missing program lock
  missing=$(unbuilt_programs)
  [[ -n $missing ]] || return 0
  check_go
  exec {lock}>"$CACHE/bin/.lock"
  flock -n "$lock" || {
    say "  another call builds the servers; waiting"
    flock "$lock"
  }
  # The other call may have built them.
  for program in $(unbuilt_programs); do build "$program"; done
  exec {lock}>&-
}

build() {
  local MODULE VERSION PACKAGE LINK_FLAGS file log=$CACHE/logs/build-$1.log
  begin
  describe_program "$1"
  file=$CACHE/bin/$(program_file "$1")
  # cgo is left as Go finds it (without a C compiler Go turns it off by itself), except where a program must stand
  # alone in an image.
  local environment=()
  [[ $1 != pause ]] || environment=(CGO_ENABLED=0)
  (cd "$HERE/$MODULE" && env "${environment[@]}" go build -buildvcs=false -trimpath -ldflags "$LINK_FLAGS" \
    -o "$file.new" "$PACKAGE") >"$log" 2>&1 ||
    fail "building $1 $VERSION failed" "the end of $log:" "$(tail -n 10 "$log")"
  chmod 755 "$file.new"
  mv "$file.new" "$file"
  done_with "built $1" "$VERSION"
}

# Servers are started through these links: a process then names the instance in its command line, and nobody's
# kubectl is confused by a version in its own name.
link_programs() {
  local program
  for program in $(needed_programs); do
    ln -sfn "$CACHE/bin/$(program_file "$program")" "$STATE/bin/$program"
  done
  ln -sfn "$(command -v docker-registry)" "$STATE/bin/docker-registry"
  [[ -n $KUBECONFIG_GIVEN ]] || ln -sfn "$(command -v containerd)" "$STATE/bin/containerd"
}

# An instance that an older checkout started lacks what came since; its servers go on as they are.
add_programs() {
  local program
  for program in $(needed_programs); do
    if [[ ! -e $STATE/bin/$program ]]; then
      build_programs
      ln -sfn "$CACHE/bin/$(program_file "$program")" "$STATE/bin/$program"
    fi
  done
}
