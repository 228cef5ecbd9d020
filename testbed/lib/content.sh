# shellcheck shell=bash
# What the servers serve: Git repositories, Helm charts, and artifacts of an OCI registry.

start_content() {
  begin
  # A push is a few files; one thread for the garbage collection of a repository is one too many.
  alive git || start_server git "$STATE/bin/tools" git -listen "127.0.0.1:$GIT_PORT" -repositories "$STATE/git" \
    -charts "$STATE/charts" -credentials "$STATE/secrets/git" -spool "$STATE/spool" \
    -backend "$(git --exec-path)/git-http-backend"
  [[ -f $STATE/charts/index.yaml ]] || index_charts
  await git 10 listens "$GIT_PORT"
  done_with "Git and charts" "http://127.0.0.1:$GIT_PORT/git and /charts"
}

# One registry twice over the same files: for whoever knows user and password, and for everybody, who may only pull.
start_registry() {
  begin
  write_registry_config registry "$REGISTRY_PORT" >"$STATE/config/registry.yaml"
  write_registry_config registry-public "$REGISTRY_PUBLIC_PORT" >"$STATE/config/registry-public.yaml"
  local server
  for server in registry registry-public; do
    alive "$server" || start_server "$server" "$STATE/bin/docker-registry" serve "$STATE/config/$server.yaml"
  done
  await registry 10 listens "$REGISTRY_PORT"
  await registry-public 10 listens "$REGISTRY_PUBLIC_PORT"
  done_with "registry" "127.0.0.1:$REGISTRY_PORT, to pull without a password 127.0.0.1:$REGISTRY_PUBLIC_PORT"
}

# Without a secret the program makes one up and says so at each start; it protects uploads that go over several servers.
write_registry_config() {
  cat <<CONFIG
version: 0.1
log: {level: warn, accesslog: {disabled: true}}
http:
  addr: 127.0.0.1:$2
  secret: $(random_token)
storage:
  filesystem: {rootdirectory: $(quoted_yaml "$STATE/registry")}
  delete: {enabled: true}
CONFIG
  if [[ $1 = registry ]]; then
    printf 'auth: {htpasswd: {realm: testbed, path: %s}}\n' "$(quoted_yaml "$STATE/secrets/registry.htpasswd")"
  else
    printf '  maintenance: {readonly: {enabled: true}}\n'
  fi
}

quoted_yaml() { printf "'%s'" "${1//\'/\'\'}"; }

listens() { (: <"/dev/tcp/127.0.0.1/$1"); }

make_repository() {
  need_instance
  [[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || refuse "\"$1\" is not a name of letters, digits, dots, dashes"
  local repository=$STATE/git/${1%.git}.git
  [[ ! -e $repository ]] || refuse "the repository ${1%.git} is there already"
  # An empty template and no settings of the user's: the same repository on every machine. Renamed into place, so that
  # nobody clones half of one.
  GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null git init --quiet --bare --template= --initial-branch=main "$repository.new"
  mv "$repository.new" "$repository"
  say "http://127.0.0.1:$GIT_PORT/git/${1%.git}.git"
}

# Helm with a home of its own: a user's repositories and plugins must not change what it does.
helm_here() {
  env HELM_CACHE_HOME="$STATE/helm/cache" HELM_CONFIG_HOME="$STATE/helm/config" HELM_DATA_HOME="$STATE/helm/data" \
    "$STATE/bin/helm" "$@"
}

publish_charts() {
  need_instance
  local folder out
  for folder in "$@"; do
    [[ -f $folder/Chart.yaml ]] || refuse "there is no chart in $folder (no Chart.yaml)"
    out=$(helm_here package "$folder" --destination "$STATE/charts" 2>&1) || fail "helm package $folder failed" "$out"
    say "$(basename "${out##* }")"
  done
  index_charts
}

# Made beside and renamed into place, so that nobody reads half an index.
index_charts() {
  local fresh=$STATE/charts.new
  rm -rf "$fresh"
  mkdir -p "$fresh"
  local archives=("$STATE"/charts/*.tgz)
  [[ ${#archives[@]} = 0 ]] || ln "${archives[@]}" "$fresh/"
  helm_here repo index "$fresh" --url "http://127.0.0.1:$GIT_PORT/charts"
  mv "$fresh/index.yaml" "$STATE/charts/index.yaml"
  rm -rf "$fresh"
}
