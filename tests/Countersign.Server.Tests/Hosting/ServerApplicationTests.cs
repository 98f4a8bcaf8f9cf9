using Countersign.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Hosting;

/// <summary>The host before anything is registered.</summary>
public sealed class ServerApplicationTests
{
    /// <summary>Settings are checked at the start: none may change behind that, and no thread is to wake up at each write beside the files.</summary>
    [Fact]
    public void CreateBuilder_SettingsFiles_AreNotWatched()
    {
        var files = ((IConfigurationBuilder)ServerApplication.CreateBuilder(null, null).Configuration).Sources.OfType<FileConfigurationSource>().ToList();

        Assert.NotEmpty(files);
        Assert.All(files, static file => Assert.False(file.ReloadOnChange));
    }
}
