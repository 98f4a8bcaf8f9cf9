using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore.Wire.Requests;

/// <summary>Which page of a list is asked for, or why that can't be said.</summary>
internal sealed class PageQuery : IBindableFromHttpContext<PageQuery>, IEndpointParameterMetadataProvider
{
    /// <summary>The size of a page for which none is asked.</summary>
    public const int DefaultLimit = 20;

    /// <summary>The largest page.</summary>
    public const int MaxLimit = 100;

    private readonly Problem? _refusal;

    private PageQuery(Problem? problem) => _refusal = problem;

    /// <summary>The last id of the page before; null for the first page.</summary>
    public Guid? Before { get; private init; }

    /// <summary>At most so many.</summary>
    public int Limit { get; private init; } = DefaultLimit;

    /// <summary>Whether the query can't be used.</summary>
    public bool IsRefused([NotNullWhen(true)] out Problem? problem)
    {
        problem = _refusal;
        return problem is not null;
    }

    /// <inheritdoc />
    public static ValueTask<PageQuery?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<PageQuery?>(Read(context.Request.Query));

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
            // Ids are UUID v7: another kind of UUID never was one of ours.
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
