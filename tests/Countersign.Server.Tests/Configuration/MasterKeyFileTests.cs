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
        File.WriteAllText(file, content);

        Assert.False(MasterKeyFile.TryRead(file, out var text, out var problem));

        Assert.Null(text);
        Assert.Contains("not the base64 of 32 random bytes", problem, StringComparison.Ordinal);
        Assert.True(content.Length == 0 || !problem.Contains(content, StringComparison.Ordinal));
    }

    [Fact]
    public void TryRead_HugeFile_IsNotRead()
    {
        var file = _directory.File("master.key");
        File.WriteAllBytes(file, new byte[1_000_000]);

        Assert.False(MasterKeyFile.TryRead(file, out _, out var problem));
        Assert.Contains("too long", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_WindowsLineEnd_IsTaken()
    {
        var file = _directory.File("master.key");
        var key = MasterKey.Create();
        File.WriteAllText(file, key + "\r\n");

        Assert.True(MasterKeyFile.TryRead(file, out var text, out _));
        Assert.Equal(key, text);
    }
}
