using System.Globalization;

namespace DynamicToolset.Tests.LeaderElection;

/// <summary>All that can happen within some seconds and messages, not a sample of it: see <see cref="ElectionModel"/>.</summary>
public sealed class ElectionModelTests(ITestOutputHelper output)
{
    /// <summary>Seconds, writes and strays of <see cref="ElectionModel"/>; more of them by <c>make election-model</c>, where all three together are beyond a machine.</summary>
    private static readonly int[] Bounds =
        [.. (Environment.GetEnvironmentVariable("ELECTION_MODEL") is { Length: > 0 } asked ? asked : "3 1 0").Split(' ').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];

    [Fact]
    public void In_no_order_of_events_do_two_lead_or_is_a_write_taken_after_one_of_a_younger_term()
    {
        var model = new ElectionModel(Bounds[0], Bounds[1], Bounds[2]);
        HashSet<ulong> seen = [model.Start.Fingerprint()];
        List<ElectionModel.State> frontier = [model.Start];
        int depth = 0, led = 0, terms = 0;
        while (frontier.Count > 0)
        {
            List<ElectionModel.State> next = [];
            foreach (ElectionModel.State state in frontier)
            {
                if (model.Broken(state) is { } broken)
                    Assert.Fail($"{broken} after {depth} steps: {state}");
                led += model.Leads(state, 0) || model.Leads(state, 1) ? 1 : 0;
                terms = Math.Max(terms, state.Terms);
                next.AddRange(model.Successors(state).Where(s => seen.Add(s.Fingerprint())));
            }

            frontier = next;
            depth++;
        }

        output.WriteLine($"{string.Join(' ', Bounds)}: {seen.Count} states, {depth} steps deep, {terms} terms; in {led} of them one leads");
        // Else nothing of what was to be shown has happened.
        Assert.True(terms >= 2);
    }
}
