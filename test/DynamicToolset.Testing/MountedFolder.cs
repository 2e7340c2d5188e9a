using System.Runtime.InteropServices;
using System.Text;

namespace DynamicToolset.Testing;

/// <summary>What a kubelet mounts: each file is a link through <c>..data</c>, which leads to a new directory in one step when they are swapped.</summary>
/// <param name="path">A directory that is there.</param>
public sealed class MountedFolder(string path)
{
    private int _swaps;

    /// <summary>Where a file is, whether it is there or not.</summary>
    public string File(string name) => Path.Combine(path, name);

    /// <summary>Writes them where nothing leads to yet; the result is what that is called.</summary>
    public string Prepare(params (string Name, string Text)[] files)
    {
        DirectoryInfo next = Directory.CreateDirectory(File($"..{_swaps++}"));
        foreach ((string name, string text) in files)
            System.IO.File.WriteAllText(Path.Combine(next.FullName, name), text);
        return next.Name;
    }

    /// <summary>In one step.</summary>
    public void LeadTo(string prepared)
    {
        string link = File("..data");
        System.IO.File.CreateSymbolicLink(link + "_tmp", prepared);
        Assert.Equal(0, Rename(Encoding.UTF8.GetBytes(link + "_tmp\0"), Encoding.UTF8.GetBytes(link + "\0")));
    }

    /// <summary>Makes these the files, and no others. Links to files that are gone go last.</summary>
    public void Swap(params (string Name, string Text)[] files)
    {
        string? before = new FileInfo(File("..data")).LinkTarget;
        LeadTo(Prepare(files));
        foreach ((string name, string _) in files.Where(f => new FileInfo(File(f.Name)).LinkTarget is null))
            System.IO.File.CreateSymbolicLink(File(name), $"..data/{name}");
        foreach (string gone in Directory.EnumerateFiles(path).Where(f => files.All(n => File(n.Name) != f)))
            System.IO.File.Delete(gone);
        if (before is not null)
            Directory.Delete(File(before), recursive: true);
    }

    /// <summary>The library's own moves refuse a link that leads to a directory.</summary>
    [DllImport("libc", EntryPoint = "rename")]
    private static extern int Rename(byte[] from, byte[] to);
}
