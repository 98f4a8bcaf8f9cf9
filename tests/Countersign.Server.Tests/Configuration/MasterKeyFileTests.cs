using Countersign.Server.Configuration;
using Countersign.Sessions.Keys;

namespace Countersign.Server.Tests.Configuration;

public sealed class MasterKeyFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Make_NoFile_WritesAKeyForItsOwnerAlone()
    {
        var file = _directory.File("data/master.key");

        var key = MasterKeyFile.Make(file);

        Assert.True(MasterKeyFile.IsKey(key));
        Assert.Equal(key + "\n", File.ReadAllText(file));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_directory.File("data")));
        }

        Assert.Single(Directory.EnumerateFiles(_directory.File("data")));
    }

    [Fact]
    public async Task Make_ByManyAtOnce_AllHaveTheSameKey()
    {
        // Many rounds: the moment in which two could both find no file is short.
        for (var round = 0; round < 30; round++)
        {
            var file = _directory.File($"{round}/master.key");

            var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => MasterKeyFile.Make(file))));

            Assert.Single(keys.ToHashSet(StringComparer.Ordinal));
            Assert.Equal(file, Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(file)!)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAEC")]
    [InlineData("this is no key at all")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= and more")]
    public void TryRead_NoKeyInTheFile_SaysSoWithoutShowingIt(string content)
    {
        var file = _directory.File("master.key");
        Write(file, content);

        Assert.False(MasterKeyFile.TryRead(file, isConfigured: true, out var text, out var problem));

        Assert.Null(text);
        Assert.Contains("not the base64 of 32 random bytes", problem.Problem, StringComparison.Ordinal);
        Assert.True(content.Length == 0 || !problem.ToString().Contains(content, StringComparison.Ordinal));
    }

    [Fact]
    public void TryRead_HugeFile_IsNotRead()
    {
        var file = _directory.File("master.key");
        Write(file, new string('a', 1_000_000));

        Assert.False(MasterKeyFile.TryRead(file, isConfigured: true, out _, out var problem));
        Assert.Contains("too long", problem.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_WindowsLineEnd_IsTaken()
    {
        var file = _directory.File("master.key");
        var key = MasterKey.Create();
        Write(file, key + "\r\n");

        Assert.True(MasterKeyFile.TryRead(file, isConfigured: true, out var text, out _));
        Assert.Equal(key, text);
    }

    /// <summary>Each mode, and whether the file is taken where nobody named it, and where <c>Auth:MasterKeyFile</c> does.</summary>
    [Theory]
    [InlineData(0b110_000_000, true, true)]
    [InlineData(0b100_000_000, true, true)]
    [InlineData(0b110_100_000, false, true)]
    [InlineData(0b100_100_000, false, true)]
    [InlineData(0b110_110_000, false, false)]
    [InlineData(0b110_100_100, false, false)]
    [InlineData(0b110_000_100, false, false)]
    [InlineData(0b110_000_010, false, false)]
    [InlineData(0b110_000_001, false, false)]
    public void TryRead_ModeOfTheFile_IsRefusedWhereOthersCanOpenIt(int mode, bool asDefault, bool asConfigured)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var file = _directory.File("master.key");
        Write(file, MasterKey.Create());
        File.SetUnixFileMode(file, (UnixFileMode)mode);

        Assert.Equal(asDefault, MasterKeyFile.TryRead(file, isConfigured: false, out _, out var fault));
        Assert.Equal(asConfigured, MasterKeyFile.TryRead(file, isConfigured: true, out _, out var configuredFault));
        Assert.All(new[] { fault, configuredFault }.OfType<SettingProblem>(), one =>
        {
            Assert.Contains("chmod", one.Remedy, StringComparison.Ordinal);
            Assert.Contains(file, one.Remedy, StringComparison.Ordinal);
        });
    }

    /// <summary>What the remedy says is what mends it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TryRead_RemedyIsRun_FileIsTaken(bool isConfigured)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var file = _directory.File("master.key");
        Write(file, MasterKey.Create());
        File.SetUnixFileMode(file, (UnixFileMode)0b110_110_110);
        Assert.False(MasterKeyFile.TryRead(file, isConfigured, out _, out var fault));

        using var mend = System.Diagnostics.Process.Start("/bin/sh", ["-c", fault.Remedy["Run: ".Length..]]);
        await mend.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(MasterKeyFile.TryRead(file, isConfigured, out _, out fault), fault?.ToString());
    }

    private static void Write(string file, string content)
    {
        File.WriteAllText(file, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
