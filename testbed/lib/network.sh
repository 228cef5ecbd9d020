# shellcheck shell=bash
# The node's network: a namespace of its own, one link to it, and routes to its pods and services.

# claim_slot: a number that no instance has, of this or another user's cache. The namespace is made right away under
# a lock of the whole machine: that is the claim.
claim_slot() {
  local slot lock
  exec {lock}>/run/lock/orkestra-testbed
  flock "$lock"
  for ((slot = 0; slot < SLOTS; slot++)); do
    [[ ! -e /run/netns/ork-tb$slot && ! -e /sys/class/net/ork-tb$slot ]] || continue
    # A machine that already has a way to these addresses keeps it.
    [[ -z $(ip -4 route show root "100.64.$((100 + slot)).0/24") && -z $(ip -4 route show root "10.$((200 + slot)).0.0/16") &&
      -z $(ip -4 route show root "10.$((220 + slot)).0.0/16") ]] || continue
    ip netns add "ork-tb$slot"
    printf '%s' "$slot"
    return 0
  done
  fail "all $SLOTS slots are taken" "see: testbed list, ip netns list; take one down: testbed down --name N"
}

in_node() { nsenter --net="/run/netns/$NETNS" "$@"; }

network_up() {
  begin
  [[ -e /run/netns/$NETNS ]] || ip netns add "$NETNS"
  [[ -e /sys/class/net/$LINK ]] || ip link add "$LINK" type veth peer name eth0 netns "$NETNS"
  ip addr replace "$HOST_IP/30" dev "$LINK"
  ip link set "$LINK" up
  in_node ip link set lo up
  in_node ip addr replace "$NODE_IP/30" dev eth0
  in_node ip link set eth0 up
  # No way out: the default route ends in a bridge without ports, so a packet for a service address that kube-proxy
  # does not know yet dies there instead of leaving the machine.
  in_node ip link show nowhere >/dev/null 2>&1 || in_node ip link add nowhere type bridge
  in_node ip addr replace 198.51.100.1/24 dev nowhere
  in_node ip link set nowhere up
  in_node ip route replace default dev nowhere
  in_node sysctl -qw net.ipv4.ip_forward=1
  # The API server, on this side, reaches webhooks in pods through these.
  ip route replace "$POD_RANGE" via "$NODE_IP"
  ip route replace "$SERVICE_RANGE" via "$NODE_IP"
  done_with "network" "namespace $NETNS, link $LINK"
}

# The routes go with the link, and everything inside with the namespace.
network_down() {
  [[ ! -e /sys/class/net/$LINK ]] || ip link del "$LINK"
  [[ ! -e /run/netns/$NETNS ]] || ip netns del "$NETNS"
}
