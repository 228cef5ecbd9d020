package dev.orkestra.schema;

import com.google.re2j.Pattern;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;

/**
 * The patterns of schemas, matched in time that grows with the text and no faster. Java's own matcher backtracks, and
 * recurses for each turn of a repeated group; documents are written by others, so both would be theirs to use.
 */
final class LinearExpressions implements RegularExpressionFactory {

    /**
     * A matcher for {@code regex} anywhere in a text.
     *
     * @throws com.google.re2j.PatternSyntaxException for what RE2 does not know, such as looking ahead: a defect of the
     *     schema
     */
    @Override
    public RegularExpression getRegularExpression(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return text -> pattern.matcher(text).find();
    }
}
