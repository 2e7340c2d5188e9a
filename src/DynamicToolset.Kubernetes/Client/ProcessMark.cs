using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// A variable in the environment of a process, which all that it starts inherit: so they are found when their parent has gone and they are nobody's
/// children any more.
/// </summary>
/// <param name="value">Of this run alone, and of no process before: what an earlier one has left running bears that one's.</param>
internal sealed class ProcessMark(string value)
{
    private const string Processes = "/proc";

    private const string Variable = "DYNAMIC_TOOLSET_PLUGIN_RUN";

    // What is found may have started more before it was ended.
    private const int MostLooks = 10;

    private readonly byte[] _entry = Encoding.UTF8.GetBytes($"{Variable}={value}\0");

    public void Put(ProcessStartInfo start) => start.Environment[Variable] = value;

    /// <summary>Ends a process and all that it started. Where there is no /proc, those alone whose parents are still there.</summary>
    public void Kill(Process root)
    {
        Kill(root, entireProcessTree: true);
        for (int i = 0; i < MostLooks && KillMarked(); i++)
        {
        }
    }

    /// <returns>True where there were any.</returns>
    private bool KillMarked()
    {
        if (!Directory.Exists(Processes))
            return false;
        bool found = false;
        foreach (string folder in Directory.EnumerateDirectories(Processes))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) || !IsMarked(folder))
                continue;
            found = true;
            try
            {
                using var process = Process.GetProcessById(id);
                // The number may be another's since.
                if (IsMarked(folder))
                    Kill(process, entireProcessTree: false);
            }
            catch (ArgumentException)
            {
                // It has gone meanwhile.
            }
        }

        return found;
    }

    private static void Kill(Process process, bool entireProcessTree)
    {
        try
        {
            process.Kill(entireProcessTree);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, or belongs to somebody else by now.
        }
    }

    private bool IsMarked(string folder)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(_entry) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has gone, or is somebody else's.
            return false;
        }
    }
}
