package dev.orkestra.embedded;

import java.nio.file.Path;

/**
 * @param helm absolute path of the Helm 3 program
 * @param folder where Helm's home, its calls' files and pulled charts are kept; made when absent, can be lost
 * @param maxChildren how many Helm children may run at one time
 * @param historyMax how many revisions of a release Helm keeps, where the HelmRelease does not say
 * @param maxOutputBytes limit of what one child prints: a release is at most about 1 MiB compressed, so 32 MiB
 */
public record HelmSettings(Path helm, Path folder, int maxChildren, int historyMax, int maxOutputBytes) {
    /** Four children, five revisions (Flux's default), 32 MiB. */
    public static HelmSettings standard(Path helm, Path folder) {
        return new HelmSettings(helm, folder, 4, 5, 32 << 20);
    }
}
