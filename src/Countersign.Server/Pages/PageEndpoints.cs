using Countersign.AspNetCore.Endpoints;
using Countersign.AspNetCore.Mail;
using Countersign.AspNetCore.Wire;
using Countersign.Bearer.Problems;
using Countersign.Server.Pages.Account;
using Countersign.Server.Problems;

namespace Countersign.Server.Pages;

/// <summary>The pages for people: the first page, and those of the reason codes.</summary>
internal static class PageEndpoints
{
    private const string Html = "text/html";

    /// <summary>Maps the routes.</summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="docs">Whether there is a documentation page to link to.</param>
    /// <param name="apiPrefix">The prefix of the routes.</param>
    public static void MapPages(this IEndpointRouteBuilder endpoints, bool docs, string apiPrefix)
    {
        var home = HomePage.Create(docs);
        var errors = ErrorPages.Read();
        var pages = endpoints.MapGroup(string.Empty).AllowAnonymous().WithTags("pages").WithProblems(FrameworkProblems.PreconditionFailed);
        pages.MapGet("/", IResult () => home)
            .Named("getHomePage")
            .WithSummary("What this server is")
            .Produces<string>(StatusCodes.Status200OK, Html);
        pages.MapGet("/errors", IResult () => errors.Index)
            .Named("getErrorPages")
            .WithSummary("All reason codes")
            .Produces<string>(StatusCodes.Status200OK, Html);
        var page = pages.MapGet(ErrorPages.Address + "{code}", IResult (string code) => errors.Find(code) ?? Results.NotFound())
            .Named("getErrorPage")
            .WithSummary("What a reason code means, who can mend it, and how")
            .WithMetadata(new RouteParameter("code", "The reason code, the end of a problem document's `type`."))
            .Produces<string>(StatusCodes.Status200OK, Html)
            .WithProblems(FrameworkProblems.NotFound);
        ProblemPages.Use(endpoints, page, ErrorPages.Address);
        if (endpoints.ServiceProvider.GetRequiredService<MailTransport>().CanSend)
        {
            AccountPages.Map(pages, apiPrefix);
        }
    }
}
