using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Channels;
using DynamicToolset.Messages;
using DynamicToolset.Rounds;

namespace DynamicToolset.Service.Sandbox;

/// <summary>Writes what happens as it happens, one line for each event with the time of day in front.</summary>
internal sealed class SandboxScreen(TextWriter screen, TimeProvider time)
{
    private const int LongestLine = 2000;

    private readonly Channel<ControllerState> _states = Channel.CreateUnbounded<ControllerState>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Takes a state and returns at once.</summary>
    public void Show(ControllerState state) => _states.Writer.TryWrite(state);

    /// <summary>Tells of every state; ends when <paramref name="until"/> is true of one, and returns it.</summary>
    public async Task<ControllerState> RunAsync(Func<ControllerState, bool> until, CancellationToken stop)
    {
        ControllerState? before = null;
        while (true)
        {
            ControllerState now = await _states.Reader.ReadAsync(stop);
            ImmutableArray<string> lines = Narrator.Tell(before, now);
            before = now;
            foreach (string line in lines)
                await screen.WriteLineAsync(QuotedText.OnOneLine($"{TimeOfDay()}  {line}", LongestLine).AsMemory(), stop);
            await screen.FlushAsync(stop);
            if (until(now))
                return now;
        }
    }

    private string TimeOfDay() => time.GetLocalNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
