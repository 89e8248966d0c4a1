// The help, in English: a page for each group.

import type zh from './zh-help'

const en: typeof zh = {
  title: 'Help',
  groups: 'Written for',
  group: { staff: 'Staff', auditors: 'Auditors', counter: 'Counter', administrators: 'Administrators' },
  citizens: 'Help for applicants',
  keys: 'Keys',
  key: {
    focus: 'back to the search box', move: 'through suggestions or results', open: 'open', hits: 'next, previous hit', pages: 'next, previous page',
    zoom: 'zoom in, out', rotate: 'rotate', fit: 'fit width or page',
  },
  limits: 'Which cases are found depends on what was granted; every search, view and export is written into the audit log.',
  part: {
    search: {
      title: 'Searching',
      texts: [
        'Type what you remember: a name, a matter, a place, a document or acceptance number. Words are separated by spaces; all must occur.',
        'Names can be typed in pinyin or by initials, such as fengyuan or fycy.',
        'Quotes find exact wording, a minus sign excludes a word, OR finds either of two.',
        'For one field only, put its name and a colon before it: document_number, archival_code, applicant, matter, agency, year, outcome, region; such as year:2015..2020.',
        'Agencies that changed their names are found by any of them.',
      ],
    },
    results: {
      title: 'Reading the results',
      texts: [
        'Choose filters at the side, several of a kind if you like; drag over the years for a range.',
        'A “near match” was found by similar characters, because the scan may be misread.',
        'The address holds everything: a bookmark or a link sent to a colleague shows the same results.',
      ],
    },
    case: {
      title: 'Reading a case',
      texts: [
        'Hits stand in yellow boxes on the scan. The keys n and p go through them, across pages.',
        'A click on a field shows where it stands on the scan.',
        'Misread? Correct it with the pencil. Corrections are kept with their author and can be undone; the scan itself is never changed.',
        '“Who looked” lists the offices that looked at the case; the print button prints the page.',
      ],
    },
    review: {
      title: 'Reviewing',
      texts: ['The queue is ordered by what an error would cost. Look at the scan: confirm with Enter, or correct and save.', 'The last step can be undone. Progress is counted by day.'],
    },
    mandate: {
      title: 'Your mandate',
      texts: [
        'Auditors read cases within the agencies, regions, years and time of their mandate, masked by default. It ends by itself.',
        'For personal data in full give a reason; each time is written into the audit log.',
      ],
    },
    across: {
      title: 'Across the years',
      texts: [
        'Combine a range of years with outcome, matter and agency, e.g. year:2015..2020 outcome:refused. Cases from before and after a change of name come together.',
        'Do not judge cases of low reading quality by their text: look at the scan. Cases whose dates could not be read take no part in time limits.',
      ],
    },
    export: {
      title: 'Taking results along',
      texts: ['Results can be exported as Excel, CSV or lines of data, a single case as a searchable PDF. Exports are masked, too, and each is written down.'],
    },
    audit: {
      title: 'Statistics, findings, report',
      texts: [
        'Statistics count by year, agency, matter and more: each figure leads to its cases. Findings list gaps, delays and contradictions; dismiss what is none, with a reason. Both can be taken out as tables, which say what was asked for, your mandate, and a checksum.',
        'Gaps, jumps and numbers given twice stand on a number line: arrow keys go from place to place, Enter shows the finding.',
        'The audit report is one file that prints, with masked pages as evidence. What you choose stands in the address.',
      ],
    },
    codes: {
      title: 'Issuing access codes',
      texts: [
        'Check the identity card; for an organisation its authorisation, too. Then tick the box and issue the code.',
        'Print the slip and hand it over. The code is shown this once and kept nowhere; if it is lost, revoke it and issue another.',
        'One code is good for somebody at a time: a new one ends the one before.',
        'Whoever issues codes could look at anybody’s file: each is written into the audit log.',
      ],
    },
    counterHelp: {
      title: 'What applicants ask',
      texts: [
        '“One is missing”: old cases whose number was not read with certainty are not listed until they are confirmed at the review desk.',
        '“I cannot sign in”: check name, number and time; a code ends after several wrong entries. Issue another.',
        '“Who looked at my file”: applicants see office, time, purpose and a number, by which the log administrator finds the entry.',
      ],
    },
    three: {
      title: 'Three administrators',
      texts: [
        'The system administrator makes accounts and runs the service, the security administrator grants, the log administrator reads the log. None sees cases; no account is two of them.',
        'Nobody grants oneself; who was one of the three never becomes another.',
      ],
    },
    accounts: {
      title: 'System administrator',
      texts: [
        'Accounts: a new one comes with a one-time password to be handed over in person. Accounts are disabled, never removed.',
        'Tokens: only the rights and days that the program needs; shown once.',
        'Dictionaries: all is checked before anything is written. After a change of words run juanzong-indexer reindex on the server.',
        'System: when the index lags, jobs failed or pages cannot be read, juanzong status on the server tells which.',
      ],
    },
    grants: {
      title: 'Security administrator',
      texts: [
        'A grant names agencies, regions, the highest security class and the purpose; for auditors also years and a last day. What is not said to be all is not all.',
        'Seeing personal data in full and issuing codes are granted by name, to those who need it.',
      ],
    },
    log: {
      title: 'Log administrator',
      texts: [
        'Filter by who, what, outcome and case. When applicants ask about a number, it is the number of the entry.',
        'The check goes through all entries and signatures, and names what was changed, removed, put in, moved or cut off. For a very large log run juanzong audit verify on the server.',
      ],
    },
  },
}

export default en
