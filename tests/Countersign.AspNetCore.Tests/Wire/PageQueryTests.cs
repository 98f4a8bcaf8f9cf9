using Countersign.AspNetCore.Wire.Requests;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Tests.Wire;

public sealed class PageQueryTests
{
    [Theory]
    [InlineData("", null, 20)]
    [InlineData("?limit=1", null, 1)]
    [InlineData("?limit=100&other=x", null, 100)]
    [InlineData("?before=0196a4f2-5d3e-7abc-8def-0123456789ab", "0196a4f2-5d3e-7abc-8def-0123456789ab", 20)]
    public async Task Bind_GoodQuery_IsAPage(string query, string? before, int limit)
    {
        var page = await BindAsync(query);

        Assert.False(page.IsRefused(out _));
        Assert.Equal((before, limit), (page.Before?.ToString(), page.Limit));
    }

    [Theory]
    [InlineData("?limit=0", "limit_invalid")]
    [InlineData("?limit=101", "limit_invalid")]
    [InlineData("?limit=-1", "limit_invalid")]
    [InlineData("?limit=+1", "limit_invalid")]
    [InlineData("?limit=1.5", "limit_invalid")]
    [InlineData("?limit=99999999999", "limit_invalid")]
    [InlineData("?limit=", "limit_invalid")]
    [InlineData("?limit=1&limit=2", "limit_invalid")]
    [InlineData("?before=", "cursor_invalid")]
    [InlineData("?before=x", "cursor_invalid")]
    [InlineData("?before=0196a4f25d3e7abc8def0123456789ab", "cursor_invalid")]
    [InlineData("?before={0196a4f2-5d3e-7abc-8def-0123456789ab}", "cursor_invalid")]
    [InlineData("?before=0196a4f2-5d3e-4abc-8def-0123456789ab", "cursor_invalid")]
    [InlineData("?before=0196a4f2-5d3e-7abc-8def-0123456789ab'--", "cursor_invalid")]
    [InlineData("?before=0196a4f2-5d3e-7abc-8def-0123456789ab&before=0196a4f2-5d3e-7abc-8def-0123456789ab", "cursor_invalid")]
    public async Task Bind_TamperedQuery_IsRefused(string query, string code)
    {
        Assert.True((await BindAsync(query)).IsRefused(out var refusal));
        Assert.Equal((400, code), (refusal.Status, refusal.Code));
    }

    private static async Task<PageQuery> BindAsync(string query) =>
        (await PageQuery.BindAsync(new DefaultHttpContext { Request = { QueryString = new QueryString(query) } }, null!))!;
}
