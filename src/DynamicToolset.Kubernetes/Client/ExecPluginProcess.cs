using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>One run of a credential plugin.</summary>
internal static class ExecPluginProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(ConnectionBounds.PluginTime.Most);

    /// <summary>Ends with all that it started when it is cancelled, takes too long or prints too much.</summary>
    /// <exception cref="KubeConfigException">It is not there, failed, took too long, or printed something else.</exception>
    public static async Task<ExecCredential> RunAsync(ExecPlugin plugin, TimeProvider time, CancellationToken cancellation)
    {
        var mark = new ProcessMark(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
        using Process process = Start(plugin, mark);
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        // At once, and not only when this goes on: who cancels may be about to end.
        await using CancellationTokenRegistration end = either.Token.UnsafeRegister(_ => mark.Kill(process), null);
        bool isAnswered = false;
        try
        {
            ExecCredential answer = await ReadAsync(process, plugin, either.Token);
            isAnswered = true;
            return answer;
        }
        catch (InputTooLargeException e)
        {
            throw Wrong(plugin, $"printed too much: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Wrong(plugin, $"gave no answer within {ConnectionBounds.PluginTime}; it and everything that it started was stopped");
        }
        finally
        {
            if (!isAnswered)
                mark.Kill(process);
        }
    }

    /// <summary>Of a run that goes on while somebody can wait for it no longer.</summary>
    public static KubeConfigException Late(ExecPlugin plugin) =>
        Wrong(plugin, $"has not answered yet, so that the API server could not be asked (the plugin may take {ConnectionBounds.PluginTime})");

    public static KubeConfigException Wrong(ExecPlugin plugin, string problem) =>
        new(plugin.Place, $"{plugin.Command} {problem}", "run it by hand to see why");

    private static Process Start(ExecPlugin plugin, ProcessMark mark)
    {
        var start = new ProcessStartInfo(plugin.Command, plugin.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in plugin.Environment)
            start.Environment[name] = value;
        mark.Put(start);
        start.Environment["KUBERNETES_EXEC_INFO"] = Describe(plugin);
        try
        {
            return Process.Start(start) ?? throw Wrong(plugin, "could not be started");
        }
        catch (Win32Exception e)
        {
            string remedy = plugin.InstallHint.Length > 0 ? plugin.InstallHint : "install it, or give its full path";
            throw new KubeConfigException(plugin.Place, $"{plugin.Command} cannot be started", remedy, e);
        }
    }

    // Nobody is at a terminal: the plugin is told so, and its input is closed.
    private static string Describe(ExecPlugin plugin)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", "ExecCredential");
            writer.WriteString("apiVersion", plugin.ApiVersion);
            writer.WriteStartObject("spec");
            writer.WriteBoolean("interactive", false);
            if (plugin.ClusterJson is { } cluster)
            {
                writer.WritePropertyName("cluster");
                writer.WriteRawValue(cluster);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static async Task<ExecCredential> ReadAsync(Process process, ExecPlugin plugin, CancellationToken cancellation)
    {
        process.StandardInput.Close();
        Task<byte[]> complaint = BoundedInput.ReadAsync(process.StandardError.BaseStream, ConnectionBounds.PluginComplaint, cancellation);
        Task<byte[]> output = BoundedInput.ReadAsync(process.StandardOutput.BaseStream, ConnectionBounds.PluginOutput, cancellation);
        // Whichever fails first: the plugin may be waiting for the other one to be read.
        await await Task.WhenAny(complaint, output);
        byte[] printed = await output;
        string said = PluginComplaint.Of(Encoding.UTF8.GetString(await complaint), plugin, Encoding.UTF8.GetString(printed));
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
            throw Wrong(plugin, $"ended with exit code {process.ExitCode}{(said.Length > 0 ? $" and said: {said}" : "")}");
        return ExecCredential.Parse(printed) ?? throw Wrong(plugin, "printed no ExecCredential");
    }
}
