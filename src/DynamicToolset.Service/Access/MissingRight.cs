using System.Diagnostics;
using System.Text.RegularExpressions;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Messages;

namespace DynamicToolset.Service.Access;

/// <summary>A right that somebody lacks, in words, and the command that gives it.</summary>
internal static partial class MissingRight
{
    /// <summary>The ClusterRoles of <c>deploy/base/api-rbac.yaml</c>.</summary>
    public const string Reader = "dynamic-toolset-reader";

    /// <inheritdoc cref="Reader"/>
    public const string Discoverer = "dynamic-toolset-discoverer";

    /// <inheritdoc cref="Reader"/>
    public const string MetricsReader = "dynamic-toolset-metrics-reader";

    private const int LongestName = 253;
    private const string AccountPrefix = "system:serviceaccount:";

    public static string Describe(UserInfo user, AccessQuestion question)
    {
        string who = QuotedText.OrPlainUpTo(LongestName, user.Name);
        return question switch
        {
            AccessQuestion.OfResource { Namespace: { } ns } of => $"{who} may not {of.Verb} {of.Resource}.{of.Group} in namespace {ns}",
            AccessQuestion.OfResource of => $"{who} may not {of.Verb} {of.Resource}.{of.Group} in the whole cluster",
            AccessQuestion.OfPath of => $"{who} may not {of.Verb} the path {of.Path}",
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>A command to paste: a name that a shell could take for anything but a name is left for the reader to put in.</summary>
    public static string Remedy(UserInfo user, AccessQuestion question)
    {
        string role = question switch
        {
            AccessQuestion.OfPath => MetricsReader,
            AccessQuestion.OfResource { Verb: "create" } => Discoverer,
            _ => Reader,
        };
        string where = question is AccessQuestion.OfResource { Namespace: { } ns } ? $" -n {ns}" : "";
        string kind = where.Length > 0 ? "rolebinding" : "clusterrolebinding";
        return $"an admin can allow it by the ClusterRole that grants it (in deploy/base/api-rbac.yaml; the Helm chart's begins with its rbac.clusterNamePrefix, "
            + $"or the release's name, in place of dynamic-toolset): kubectl create {kind} {role}-{NameFor(user)} --clusterrole={role} {Subject(user)}{where}";
    }

    private static string Subject(UserInfo user) => user.Name switch
    {
        var name when !Plain.IsMatch(name) => "--user=NAME",
        var name when name.StartsWith(AccountPrefix, StringComparison.Ordinal) => $"--serviceaccount={name[AccountPrefix.Length..]}",
        var name => $"--user={name}",
    };

    private static string NameFor(UserInfo user) => user.Name.StartsWith(AccountPrefix, StringComparison.Ordinal) && Plain.IsMatch(user.Name)
        ? user.Name[AccountPrefix.Length..].Replace(':', '-')
        : "binding";

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9:._@-]{0,252}\z")]
    private static partial Regex Plain { get; }
}
