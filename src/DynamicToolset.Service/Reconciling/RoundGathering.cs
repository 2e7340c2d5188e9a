using DynamicToolset.Service.Loops;

namespace DynamicToolset.Service.Reconciling;

/// <summary>Changes of others wait in a storm; the answer to a question of our own only for other answers that are on their way.</summary>
internal sealed class RoundGathering(CoalescingTrigger trigger, TimeProvider time)
{
    private static readonly TimeSpan LongestForAnswers = TimeSpan.FromMilliseconds(50);

    private readonly RoundBucket _bucket = new(time);

    public Task StormAsync(CancellationToken stop) => Task.Delay(_bucket.Take(), time, stop);

    /// <param name="goesOn">False once all answers are there, or something else is.</param>
    public async Task AnswersAsync(Func<bool> goesOn, CancellationToken stop)
    {
        long begun = time.GetTimestamp();
        while (LongestForAnswers - time.GetElapsedTime(begun) is { Ticks: > 0 } left && goesOn())
            await trigger.WaitAsync(left, stop);
    }
}
