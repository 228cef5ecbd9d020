# shellcheck shell=bash
# What the servers serve: Git repositories and Helm charts.

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
