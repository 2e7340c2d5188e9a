namespace DynamicToolset.Tests.Fuzz;

/// <summary>What is held is measured of the whole process, so nothing else may run meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FuzzCollection
{
    public const string Name = "fuzz";
}
