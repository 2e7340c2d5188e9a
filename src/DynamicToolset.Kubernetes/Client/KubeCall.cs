namespace DynamicToolset.Kubernetes.Client;

/// <summary>One request, in the words of RBAC: an error names the right that it needed.</summary>
/// <param name="Verb">The RBAC verb: <c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>patch</c>, <c>update</c>, <c>delete</c>.</param>
/// <param name="Resource">The plural, for example <c>services</c>; with its group where it is not the core one (<c>leases.coordination.k8s.io</c>).</param>
/// <param name="Namespace">Null where the request is for the whole cluster.</param>
/// <param name="Name">Null where it is for no single object.</param>
internal sealed record KubeCall(string Verb, string Resource, string? Namespace = null, string? Name = null)
{
    public required HttpMethod Method { get; init; }

    /// <summary>Relative to the API server's URL, without a slash at its start.</summary>
    public required string PathAndQuery { get; init; }

    public KubeBody? Body { get; init; }

    /// <summary>The answer is a backend's: any type will do, and its 401 is no word on the credentials shown to the API server.</summary>
    public bool IsPassedOn { get; init; }

    /// <summary>Its body is not to be repeated: of a refusal the words of the API server are dropped, which may quote what it could not read.</summary>
    public bool HoldsSecret { get; init; }

    /// <summary>
    /// To make an object by an apply takes the right to patch it and the right to create it, and the API server names the one that is missing.
    /// </summary>
    public string MissingVerb(string said) =>
        Method == HttpMethod.Patch && said.Contains(" cannot patch resource ", StringComparison.Ordinal) ? "patch" : Verb;

    public override string ToString() => (Namespace, Name) switch
    {
        (null, null) => $"{Verb} {Resource}",
        (null, _) => $"{Verb} {Resource} {Name}",
        (_, null) => $"{Verb} {Resource} in namespace {Namespace}",
        _ => $"{Verb} {Resource} {Namespace}/{Name}",
    };
}
