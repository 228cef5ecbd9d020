package dev.orkestra.rules;

import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Severity;
import dev.orkestra.rules.RuleInfo.Settable;
import java.util.List;

/**
 * What there is to read about findings that are no rule's: of reading a file, of its schema, and of composing. Only
 * errors among them are beyond settings, for nothing can be made of a file that cannot be read.
 */
final class CodeInfos {
    private static final String READING = "This agent finds it when it reads the file";
    private static final String SCHEMA = "The published schema of the document says so";
    private static final String COMPOSING = "Orkestra refuses it as well, when it loads the Katalog";
    private static final String OURS = "This agent finds it; Orkestra does not look at it";
    private static final String IMPORTS = "This agent finds it when it fetches the import";

    static final List<RuleInfo> ALL = List.of(
            error(
                    ErrorCode.TooLarge,
                    "a file, a layer or a composed Katalog is larger than what can be held",
                    """
                    A file is read within limits, so that no commit can take the agent's memory, and a ConfigMap or an
                    object of the API server holds only so much. Split the file or the environment; limits for files
                    are raised with --limit.""",
                    READING),
            error(ErrorCode.DuplicateObject, "two entries would be the same object", """
                    Which of two is the right one is nobody's decision, so neither is taken. Remove one of the two, or
                    give it another name or namespace.""", OURS),
            error(ErrorCode.NotYaml, "a file is no YAML", """
                    Nothing can be read from it. The finding stands where the reader lost its way; the mistake is there
                    or shortly before, often a missing quote, a tab, or an indentation.""", READING),
            error(ErrorCode.NotUtf8, "a file is not UTF-8 text", """
                    Other encodings read differently on other machines, and a binary file is no configuration. Save it
                    as UTF-8.""", READING),
            error(ErrorCode.DuplicateKey, "a mapping has the same key twice", """
                    YAML readers differ in which of the two they take, most without a word, so what is deployed would
                    depend on the tool. Remove one of them.""", READING),
            error(ErrorCode.NonStringKey, "a key is no text", """
                    Objects of Kubernetes have texts as keys; a list or a mapping as a key cannot be one. Write a plain
                    word.""", READING),
            error(ErrorCode.UnsupportedTag, "a value has a YAML tag that is not known", """
                    Tags such as !!binary or !Ref mean something to one program only. Write the value itself.""", READING),
            warning(
                    ErrorCode.AmbiguousScalar,
                    "a value means different things to different YAML readers",
                    """
                    A word such as yes or on, or a number such as 0777, is one thing in YAML 1.1 and another in YAML
                    1.2. The finding says which value is taken. Put it in quotes, or write true, false or the plain
                    number.""",
                    READING),
            mixed(ErrorCode.LimitExceeded, "a limit for what is read is reached", """
                    Every file and every composition may ask only so much of the agent. What was beyond the limit is not
                    read; as a note it only says that further findings are not shown. docs/limits.md has all limits and
                    how to raise them.""", READING),
            error(ErrorCode.NotFound, "a file, folder or chart that is named is not there", """
                    Nothing can be composed without it. Correct the path, which is relative to the file that names it,
                    or commit the file.""", COMPOSING),
            error(ErrorCode.OutsideRoot, "a path leads out of the repository", """
                    A commit must mean the same on every machine, so nothing outside of its repository is read, and
                    links are not followed. Move the file into the repository.""", OURS),
            error(ErrorCode.UnknownKind, "a document is of a kind that has no place here", """
                    A Komposer imports Katalogs, a Katalog imports Motifs, and a layer holds objects of Kubernetes. The
                    finding says which kind stands where another was expected.""", COMPOSING),
            error(ErrorCode.UnsupportedApiVersion, "a document has an apiVersion that is not known", """
                    Its fields may mean something else there. Write the apiVersion that the finding names.""", COMPOSING),
            mixed(ErrorCode.UnknownField, "a field is not known", """
                    A misspelled field would have no effect, and nobody would notice. The finding names the nearest
                    field that there is. Orkestra's runtime refuses such a document as well.""", SCHEMA),
            error(ErrorCode.WrongType, "a value is of the wrong type", """
                    A list where a mapping belongs, or a text where a number does, cannot be read by the runtime.""", SCHEMA),
            mixed(ErrorCode.MissingField, "a field that is needed is missing", """
                    The runtime cannot do without it. As a warning it names a field that is better given, such as the
                    version of a chart: without one the newest is taken, and a commit no longer means one state.""", SCHEMA),
            mixed(ErrorCode.WrongValue, "a value is not one that is allowed", """
                    The finding names the values or the form that are allowed. As a warning it is about a value that
                    Orkestra lets pass and then gives no effect.""", SCHEMA),
            mixed(
                    ErrorCode.BrokenRule,
                    "a custom resource breaks a rule of its definition",
                    """
                    The CustomResourceDefinition holds rules in CEL under x-kubernetes-validations, and the API server
                    would refuse the resource with the same words. It is also said of a rule that cannot be compiled. As
                    a note it names a rule that could not be asked here.""",
                    "This agent finds it, as the API server would"),
            error(ErrorCode.ImportFailed, "an import could not be fetched", """
                    The server did not answer, answered something else, or is not allowed to be asked. What is locked
                    and was fetched before needs no server.""", IMPORTS),
            error(ErrorCode.AuthenticationFailed, "a server of an import refuses the credentials", """
                    Name the variables that hold them in the import's auth, and see that they are set: in the process
                    for ork, in the Secret spec.imports.secretRef for the agent.""", IMPORTS),
            error(ErrorCode.RefNotFound, "a repository has no branch, tag or commit of this name", """
                    Correct the version of the import, or push the ref.""", IMPORTS),
            error(ErrorCode.ChartPullFailed, "a chart could not be taken from its repository", """
                    The repository has no such chart or version, or what it has is no chart. Correct the name or the
                    version.""", IMPORTS),
            error(
                    ErrorCode.ImportNotAllowed,
                    "an import stands where none may stand, or goes in a circle",
                    """
                    Only a Komposer imports Katalogs, and none imports itself or more than the limits allow. A kustomize
                    folder is built from files of the repository only, and runs no plugins. The finding says what may be
                    imported here.""",
                    COMPOSING),
            error(ErrorCode.RenderFailed, "a chart or a kustomize folder cannot be rendered", """
                    The finding says what Helm or kustomize said. 'helm template' with the same values, or 'kustomize
                    build' of the folder, shows the same; what a chart expects of a cluster is not there when it is
                    composed.""", COMPOSING),
            mixed(ErrorCode.NotLocked, "a network import is not in the lock file", """
                    What comes from a network can change without a commit. The agent takes only what the lock file
                    holds; 'ork compose --lock' writes it. For ork it is a warning.""", OURS),
            mixed(ErrorCode.LockMismatch, "a network import is not what the lock file holds", """
                    The content has changed since it was locked: that is what the lock file is for. Look at what is
                    new, and write the lock file anew with 'ork compose --lock'. A lock file that holds more than there
                    is to import gives a warning.""", OURS),
            mixed(
                    ErrorCode.MovedField,
                    "a field has another place since a newer version of Orkestra",
                    """
                    It is taken from its old place for now. Move it, so that the document means the same to a runtime
                    that knows the new place only. With --schema it is an error.""",
                    "Orkestra refuses it since v0.7.18"),
            mixed(ErrorCode.NoEffect, "something is written that has no effect", """
                    Whoever reads it would believe that it has. Remove it, or write it where it counts. As an error it
                    is a CRD that is overridden and that no import declares.""", OURS),
            mixed(ErrorCode.DuplicateCrd, "a CRD is declared twice", """
                    Two imports declare a CRD of the same name, and neither is meant to override the other. Rename one,
                    or leave out an import; a Komposer overrides under its own spec.crds. As a warning it is one that a
                    chart renders twice.""", COMPOSING),
            warning(ErrorCode.IgnoredOverride, "an override has no effect", """
                    Orkestra lets a Komposer override only some fields of a CRD and passes over the rest without a word.
                    Change the field in the Katalog that declares it, or declare the CRD in the Komposer.""", OURS),
            error(
                    ErrorCode.WorkflowTemplateGenerationFailed,
                    "a step of a group lacks what it is started with",
                    """
                    A custom step needs an image and parameters, a keptn step the name and namespace of its ConfigMap:
                    without them no workflow can be made. Azure Orkestra found out in the cluster, and a missing image
                    ended its controller. Add what the finding names.""",
                    OURS),
            error(ErrorCode.InvalidName, "a name cannot be one in the cluster", """
                    Names become names of objects, values of labels, or both, and the API server would refuse them. The
                    finding says which characters are allowed.""", OURS),
            mixed(ErrorCode.DuplicateName, "a name is given twice in one list", """
                    Two profiles, notes or inputs of one name: one of them would have no effect. Rename or remove one.
                    As a warning it is a list of names to which a Motif adds one that is there.""", COMPOSING),
            mixed(ErrorCode.ExtraDocument, "a file holds more than one document", """
                    Orkestra reads the first document of a file and passes over all others. Put them into files of their
                    own. In a lock file or in settings it is an error.""", OURS),
            error(ErrorCode.MissingKind, "the kind of an object is not known to the cluster", """
                    Whether it lives in a namespace cannot be told. Commit its CustomResourceDefinition, or install
                    it.""", OURS),
            error(ErrorCode.Forbidden, "an object may not be in this config repository", """
                    Kinds that decide who may do what, and what the agent itself is made of, are applied by an
                    administrator, not by a commit. Others may be left out of the lists in spec.allow of the
                    ConfigRepo.""", OURS),
            error(ErrorCode.WaveConflict, "two annotations give an object two waves", """
                    Either tool would order it differently. Keep one of the annotations, or write the same number.""", OURS),
            warning(ErrorCode.HookNotAllowed, "an object is marked as a hook that it cannot be", """
                    Only what runs to completion is run as a hook: Jobs, Argo Workflows, and Pods that are not restarted for
                    ever. Another kind becomes an ordinary object at the hook's place. PreDelete, PostDelete and Helm's
                    own annotation are not carried out at all, and Skip leaves the object out. A hook stays until the agent
                    removes it, so fields that let it take itself away are left out.""", OURS));

    private CodeInfos() {}

    private static RuleInfo error(ErrorCode code, String summary, String why, String origin) {
        return new RuleInfo(code.name(), Severity.ERROR, summary, why, origin, Settable.NONE);
    }

    /** A finding that is an error here and a warning there. */
    private static RuleInfo mixed(ErrorCode code, String summary, String why, String origin) {
        return new RuleInfo(code.name(), Severity.ERROR, summary, why, origin, Settable.UNLESS_ERROR);
    }

    private static RuleInfo warning(ErrorCode code, String summary, String why, String origin) {
        return new RuleInfo(code.name(), Severity.WARNING, summary, why, origin, Settable.ALL);
    }
}
