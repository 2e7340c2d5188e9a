namespace DynamicToolset.MicroBench.Steps;

/// <summary>One thing that the program does, with as much to do as is asked for.</summary>
/// <param name="Usual">How much there is in a cluster that nobody would call small, and an eighth of what the tests go to.</param>
/// <param name="Prepare">Makes so much to do; what it returns does it, as often as it is called, and the same each time.</param>
internal sealed record Step(string Name, int Usual, Func<int, Action> Prepare)
{
    public override string ToString() => Name;
}
