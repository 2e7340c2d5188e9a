using DynamicToolset.Identification;
using DynamicToolset.Rules;

namespace DynamicToolset.Service.Probing;

/// <summary>A target that is visited.</summary>
internal sealed class AskedEndpoint(IdentityTarget target) : EndpointInHand
{
    public IdentityTarget Target { get; private set; } = target;

    public Task<Inquiry> Inquiry { get; private set; } = Task.FromResult(new Inquiry(target));

    public override Task Asking => Inquiry;

    /// <summary>Number of visits in a row without an answer.</summary>
    public int Silent { get; private set; }

    /// <summary>So many visits in a row found that it serves no data.</summary>
    public int Empty { get; private set; }

    public void Visited(Inquiry inquiry)
    {
        Silent = inquiry.IsUnanswered ? Silent + 1 : 0;
        Empty = inquiry.Found.Verdict == QuestionVerdict.NoData ? Empty + 1 : 0;
    }

    public Turn Turn => WantsLook ? Turn.FirstLook : Hangs ? Turn.Hanging : Turn.Prompt;

    /// <returns>True if it waits, and is to be asked at once instead; one that is being asked is asked again after that.</returns>
    public bool Becomes(IdentityTarget target)
    {
        IdentityTarget before = Target;
        Target = target;
        if (before.IsAskedLike(target))
            return false;
        WantsLook = true;
        Cancel();
        return !IsUnderWay;
    }

    /// <param name="ask">Must not begin before the bookkeeping is done: it may end at once.</param>
    public void Begin(TimeSpan timeout, Func<AskedEndpoint, CancellationToken, Task<Inquiry>> ask) => Inquiry = ask(this, Begin(timeout));
}
