using System.Net;
using Countersign.AspNetCore.Endpoints;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Countersign.AspNetCore.Tests.Endpoints;

public sealed class TransportFilterTests
{
    [Theory]
    [InlineData("http", "203.0.113.9", "Production", "", "https_required")]
    [InlineData("http", "::ffff:203.0.113.9", "Production", "", "https_required")]
    [InlineData("http", "2001:db8::1", "Staging", "", "https_required")]
    [InlineData("http", "10.0.0.1", "Production", "", "https_required")]
    [InlineData("http", "203.0.113.9", "Development", "", null)]
    [InlineData("https", "203.0.113.9", "Production", "", null)]
    [InlineData("http", "127.0.0.1", "Production", "", null)]
    [InlineData("http", "::1", "Production", "", null)]
    [InlineData("http", "::ffff:127.0.0.1", "Production", "", null)]
    [InlineData("http", null, "Production", "", null)]
    [InlineData("https", "203.0.113.9", "Production", "?password=x", "credential_in_query")]
    [InlineData("https", "203.0.113.9", "Production", "?a=b&refresh_token=", "credential_in_query")]
    [InlineData("https", "203.0.113.9", "Production", "?ACCESS_TOKEN=x", "credential_in_query")]
    [InlineData("https", "203.0.113.9", "Production", "?limit=5", null)]
    public async Task Invoke_Request_IsRefusedWhereCredentialsWouldLeak(string scheme, string? remote, string environment, string query, string? code)
    {
        var context = new DefaultHttpContext
        {
            Request = { Scheme = scheme, QueryString = new QueryString(query) },
            Connection = { RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote) },
        };
        var filter = new TransportFilter(new NamedEnvironment { EnvironmentName = environment });

        var result = await filter.InvokeAsync(EndpointFilterInvocationContext.Create(context), static _ => ValueTask.FromResult<object?>("ran"));

        Assert.Equal(code, (result as ProblemResult)?.Problem.Code);
        Assert.Equal(code is null, result is "ran");
    }

    private sealed class NamedEnvironment : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "";

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
