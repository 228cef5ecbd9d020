package dev.orkestra.release;

/**
 * What all parts of the group controller work with.
 *
 * @param identities who answers for a group
 * @param charts where charts are staged
 * @param seal marks the HelmReleases that are planned
 */
record GroupTools(Identities identities, ChartStore charts, GroupSettings settings, ReleaseSeal seal) {}
