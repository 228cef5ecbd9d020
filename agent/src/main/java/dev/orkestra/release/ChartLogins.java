package dev.orkestra.release;

import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.web.Access;

/** Finds the credentials of a chart repository, with the rights of the group that asks. */
@FunctionalInterface
public interface ChartLogins {
    /** For repositories that ask for none. */
    ChartLogins NONE = _ -> Outcome.done(Access.OPEN);

    /** @return Done with {@link Access#OPEN} when the chart names no Secret; Terminal when the Secret cannot be had */
    Outcome<Access> of(ApplicationGroup.Chart chart);
}
