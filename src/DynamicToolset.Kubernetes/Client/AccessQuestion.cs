namespace DynamicToolset.Kubernetes.Client;

/// <summary>Something that somebody wants to do, in the words of RBAC.</summary>
public abstract record AccessQuestion
{
    private AccessQuestion()
    {
    }

    /// <param name="Resource">The plural.</param>
    /// <param name="Namespace">Null for the whole cluster.</param>
    /// <param name="Name">Null for none in particular.</param>
    public sealed record OfResource(string Verb, string Group, string Resource, string? Namespace = null, string? Name = null) : AccessQuestion;

    /// <summary>Of a path that is no resource.</summary>
    public sealed record OfPath(string Verb, string Path) : AccessQuestion;
}
