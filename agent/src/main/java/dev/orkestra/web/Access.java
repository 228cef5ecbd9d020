package dev.orkestra.web;

import java.util.Optional;

/**
 * As whom a server is asked, and whom one trusts to be that server.
 *
 * @param login user and password, or a token
 * @param tls a certificate of one's own, an authority of one's own, or both
 */
public record Access(Optional<Login> login, Optional<Tls> tls) {
    /** Nobody's, with the authorities that the machine trusts. */
    public static final Access OPEN = new Access(Optional.empty(), Optional.empty());

    /** With {@code login} alone. */
    public static Access of(Login login) {
        return new Access(Optional.of(login), Optional.empty());
    }
}
