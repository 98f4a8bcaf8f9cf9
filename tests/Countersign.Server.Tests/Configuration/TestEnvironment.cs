using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Countersign.Server.Tests.Configuration;

internal sealed class TestEnvironment(string contentRoot, string name = "Production") : IHostEnvironment
{
    public string EnvironmentName { get; set; } = name;

    public string ApplicationName { get; set; } = "countersign";

    public string ContentRootPath { get; set; } = contentRoot;

    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
