using Countersign.Sessions.Keys;

namespace Countersign.Sessions.Tests.Keys;

public sealed class FileOnceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Make_NoFile_MakesItForItsOwnerAloneAndLeavesNothingBeside()
    {
        var file = Path.Combine(_folder, "secret");

        FileOnce.Make(file, static () => "content");

        Assert.Equal("content", File.ReadAllText(file));
        Assert.Equal(file, Assert.Single(Directory.EnumerateFiles(_folder)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void Make_FileThatIsThere_StaysAndNoLockIsAskedFor()
    {
        var file = Path.Combine(_folder, "secret");
        File.WriteAllText(file, "first");

        // With the lock held by another, whoever asked for it would wait and then fail.
        using var held = new FileStream($"{file}.lock", FileMode.CreateNew, FileAccess.Write, FileShare.None);
        FileOnce.Make(file, static () => "second");

        Assert.Equal("first", File.ReadAllText(file));
    }
}
