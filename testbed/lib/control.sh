# shellcheck shell=bash
# The control plane, on the host's loopback as an ordinary program: etcd, API server, controller manager, scheduler.

kubectl_admin() { "$STATE/bin/kubectl" --kubeconfig "$(admin_kubeconfig)" "$@"; }

# write_identities: certificates for the servers, a random token for each client. Each client has the rights that
# Kubernetes itself gives to its name or group, and no more; only "admin" may do everything.
write_identities() {
  "$STATE/../../bin/$(program_file tools)" pki -dir "$STATE/pki" -host-ip "$HOST_IP" -node-ip "$NODE_IP" -node "$NODE" \
    -service-ip "$SERVICE_IP"
  : >"$STATE/secrets/tokens.csv"
  write_identity admin admin system:masters "$API_URL"
  write_identity kube-controller-manager system:kube-controller-manager '' "$API_URL"
  write_identity kube-scheduler system:kube-scheduler '' "$API_URL"
  write_identity kubelet "system:node:$NODE" system:nodes "https://$HOST_IP:$API_PORT"
  write_identity kube-proxy system:kube-proxy '' "https://$HOST_IP:$API_PORT"
}

# write_identity FILE USER GROUP URL
write_identity() {
  local token
  token=$(random_token)
  printf '%s,%s,%s%s\n' "$token" "$2" "$2" "${3:+,\"$3\"}" >>"$STATE/secrets/tokens.csv"
  cat >"$STATE/secrets/$1.kubeconfig" <<KUBECONFIG
apiVersion: v1
kind: Config
clusters: [{name: orkestra-$NAME, cluster: {server: "$4", certificate-authority-data: $(base64 -w 0 "$STATE/pki/ca.crt")}}]
users: [{name: $1, user: {token: $token}}]
contexts: [{name: orkestra-$NAME, context: {cluster: orkestra-$NAME, user: $1}}]
current-context: orkestra-$NAME
KUBECONFIG
}

start_etcd() {
  alive etcd && return 0
  # Nobody needs this data after a power cut, so etcd need not wait for the disk.
  start_server etcd "$STATE/bin/etcd" --name default --data-dir "$STATE/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "https://127.0.0.1:$ETCD_PORT" --advertise-client-urls "https://127.0.0.1:$ETCD_PORT" \
    --listen-peer-urls "https://127.0.0.1:$ETCD_PEER_PORT" \
    --initial-advertise-peer-urls "https://127.0.0.1:$ETCD_PEER_PORT" \
    --initial-cluster "default=https://127.0.0.1:$ETCD_PEER_PORT" \
    --cert-file "$STATE/pki/etcd.crt" --key-file "$STATE/pki/etcd.key" \
    --client-cert-auth --trusted-ca-file "$STATE/pki/etcd-ca.crt" \
    --peer-cert-file "$STATE/pki/etcd.crt" --peer-key-file "$STATE/pki/etcd.key" \
    --peer-client-cert-auth --peer-trusted-ca-file "$STATE/pki/etcd-ca.crt"
}

start_apiserver() {
  API_BEGAN=$EPOCHREALTIME
  cat >"$STATE/config/audit.yaml" <<'AUDIT'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: Metadata}]
AUDIT
  # Preferred address type: by its default the API server would look the node's name up in DNS for `kubectl logs`.
  alive kube-apiserver || start_server kube-apiserver "$STATE/bin/kube-apiserver" \
    --bind-address 127.0.0.1 --secure-port "$API_PORT" --advertise-address "$HOST_IP" \
    --cert-dir "$STATE/pki" --tls-cert-file "$STATE/pki/apiserver.crt" --tls-private-key-file "$STATE/pki/apiserver.key" \
    --etcd-servers "https://127.0.0.1:$ETCD_PORT" --etcd-cafile "$STATE/pki/etcd-ca.crt" \
    --etcd-certfile "$STATE/pki/apiserver-etcd-client.crt" --etcd-keyfile "$STATE/pki/apiserver-etcd-client.key" \
    --kubelet-certificate-authority "$STATE/pki/ca.crt" \
    --kubelet-client-certificate "$STATE/pki/apiserver-kubelet-client.crt" \
    --kubelet-client-key "$STATE/pki/apiserver-kubelet-client.key" \
    --kubelet-preferred-address-types InternalIP \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$STATE/pki/sa.pub" \
    --service-account-signing-key-file "$STATE/pki/sa.key" --service-cluster-ip-range "$SERVICE_RANGE" \
    --token-auth-file "$STATE/secrets/tokens.csv" --anonymous-auth=false \
    --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged=true \
    --audit-policy-file "$STATE/config/audit.yaml" --audit-log-path "$STATE/log/audit.log" \
    --audit-log-maxsize 200 --audit-log-maxbackup 2
  alive forward || start_server forward "$STATE/bin/tools" forward -listen "$HOST_IP:$API_PORT" \
    -to "127.0.0.1:$API_PORT" -allow "$NODE_IP/32,$POD_RANGE"
}

await_apiserver() {
  await kube-apiserver 60 kubectl_admin --request-timeout=5s get --raw /readyz
  # What the API server may ask of the kubelet (logs, exec), for the name in its certificate.
  kubectl_admin apply -f - >/dev/null <<'BINDING'
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: testbed-apiserver-to-kubelet}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:kubelet-api-admin"}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: kube-apiserver-kubelet-client}]
BINDING
  STEP_BEGAN=$API_BEGAN
  done_with "etcd, API server" "$API_URL"
}

# The controller manager makes an account and a token per controller when it starts: at its default of 20 requests a
# second, the first pod would wait for that. Their own HTTPS ports would be open on every address, and nobody asks there.
start_controllers() {
  alive kube-controller-manager || start_server kube-controller-manager "$STATE/bin/kube-controller-manager" \
    --kubeconfig "$STATE/secrets/kube-controller-manager.kubeconfig" --leader-elect=false --secure-port 0 \
    --use-service-account-credentials --service-account-private-key-file "$STATE/pki/sa.key" \
    --root-ca-file "$STATE/pki/ca.crt" --cluster-cidr "$POD_RANGE" --kube-api-qps 300 --kube-api-burst 600
  alive kube-scheduler || start_server kube-scheduler "$STATE/bin/kube-scheduler" \
    --kubeconfig "$STATE/secrets/kube-scheduler.kubeconfig" --leader-elect=false --secure-port 0
}
