using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>The requested page of a list, or the problem of the query.</summary>
internal sealed class PageQuery : IBindableFromHttpContext<PageQuery>, IEndpointParameterMetadataProvider
{
    /// <summary>The size of a page if the request has no limit.</summary>
    public const int DefaultLimit = 20;

    /// <summary>The largest page.</summary>
    public const int MaxLimit = 100;

    private readonly Problem? _refusal;

    private PageQuery(Problem? problem) => _refusal = problem;

    /// <summary>The last id of the previous page; null for the first page.</summary>
    public Guid? Before { get; private init; }

    /// <summary>The greatest number of entries on the page.</summary>
    public int Limit { get; private init; } = DefaultLimit;

    /// <summary>Whether the query can't be used.</summary>
    public bool IsRefused([NotNullWhen(true)] out Problem? problem)
    {
        problem = _refusal;
        return problem is not null;
    }

    /// <inheritdoc />
    public static ValueTask<PageQuery?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<PageQuery?>(Read(context.Request.Query));

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new RouteParameter("limit", "How many entries the page has at most.")
        {
            Type = "integer",
            Minimum = 1,
            Maximum = MaxLimit,
            Default = DefaultLimit,
        });
        builder.Metadata.Add(new RouteParameter("before", "Where the page begins: what the page before gave as `next`.") { Format = "uuid" });
        builder.AddProblems(BodyProblems.LimitInvalid, BodyProblems.CursorInvalid);
    }

    private static PageQuery Read(IQueryCollection query)
    {
        Guid? before = null;
        var limit = DefaultLimit;
        if (query.TryGetValue("before", out var cursor))
        {
            // Ids are UUIDs of version 7, so no list gave a UUID of another version.
            if (cursor.Count != 1 || !Guid.TryParseExact(cursor[0], "D", out var id) || id.Version != 7)
            {
                return new PageQuery(BodyProblems.CursorInvalid);
            }

            before = id;
        }

        if (query.TryGetValue("limit", out var size)
            && (size.Count != 1 || !int.TryParse(size[0], NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            return new PageQuery(BodyProblems.LimitInvalid);
        }

        return new PageQuery(problem: null) { Before = before, Limit = limit };
    }
}
