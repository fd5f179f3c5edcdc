extension LocaleData {
  static let enUS = LocaleData(
    first: """
      Olivia James Emma Liam Ava Noah Mia Ethan Harper Mason Zoe Logan Ella Lucas Nora Owen Hazel Wyatt Ruby Caleb
      Stella Isaac Aurora Dylan Naomi Julian Violet Aaron Lucy Miles Maya Jasper Ivy Gavin Alice Felix Quinn Silas
      Rosa Diego Elena Mateo Jada Malik Amara Kwame Mei Kenji Priya Arjun Leila Omar Freya Otis Wren Boone
      """,
    last: """
      Miller Carter Brooks Hayes Coleman Foster Bennett Walsh Ramsey Porter Sutton Doyle Keller Vance Mercer Blake
      Lowell Hadley Prescott Whitaker Langston Barlow Thornton Sawyer Ellison Maddox Garrison Whitlow Ashby Calloway
      Ortega Delgado Ramos Nguyen Tran Kim Park Patel Shah Okafor Mensah Haddad Novak Petrov Lindgren Jensen Rossi
      Moretti Dubois Schaefer Yoder Redfern Stanhope Winslow Tillman Beckett Farrow Kincaid Lockhart Merriweather
      """,
    streets: """
      Maple Street
      Oak Avenue
      Cedar Lane
      River Road
      Hillcrest Drive
      Sunset Boulevard
      Mill Street
      Lakeview Drive
      Park Avenue
      Willow Court
      Canyon Road
      Prairie Way
      Harbor Street
      Orchard Lane
      Granite Street
      Foxglove Circle
      Meadow Lane
      Juniper Street
      Quarry Road
      Ridge Avenue
      """,
    cities: """
      Port Alder 94
      Fairmont Springs 80
      Cedar Hollow 37
      Lake Harmon 55
      New Brampton 10
      Silverbrook 75
      Eagle Mesa 87
      Stonebridge 21
      Palmetto Key 33
      Rockford Falls 61
      Pine Crossing 97
      Harlan City 43
      Bellweather 28
      Copperfield 85
      """,
    houseNumberFirst: true, postcodeShape: "###", postcodeBeforeCity: false,
    // Area codes with a 9 in the middle are kept for an expansion of the plan and belong to nobody.
    phone: PhoneShape(
      e164: "+1%9#%######", national: "(%9#) %##-####",
      others: ["%9#-%##-####", "%9#.%##.####", "+1 %9# %## ####", "+1 (%9#) %##-####", "1%9#%######"]))

  static let enGB = LocaleData(
    first: """
      Amelia Oliver Isla George Poppy Harry Freya Arthur Daisy Alfie Florence Archie Matilda Freddie Imogen Rupert
      Beatrice Hugo Eleanor Angus Rosie Callum Phoebe Rory Maisie Lewis Niamh Euan Bethan Rhys Cerys Dylan Aisha Imran
      Zara Bilal Anjali Rohan Chiara Tomasz Kasia Ewan Nell Barnaby Cordelia Piers Tabitha Gwen
      """,
    last: """
      Hartley Whitfield Pemberton Ashworth Bradshaw Fairfax Holloway Kendrick Lockwood Marlow Nightingale Oakley
      Prentice Radcliffe Shelby Thackeray Underhill Wainwright Aldridge Birch Cromwell Dunstan Eversley Fenwick
      Garside Huxley Ingram Jessop Kirkham Langley Maddock Norwood Osborne Pritchard Quill Rowntree Selwyn Tunstall
      MacAllister MacBride Drummond Sinclair Llewellyn Bevan Cadogan Begum Chaudhry Kaur Mistry Kowalski
      """,
    streets: """
      High Street
      Church Lane
      Station Road
      Victoria Terrace
      Mill Lane
      The Green
      Orchard Close
      Kings Road
      Queens Crescent
      Abbey Street
      Bridge Street
      Chapel Hill
      Manor Road
      Primrose Gardens
      Canal Wharf
      Market Place
      """,
    cities: """
      Little Marston MB
      Ashcombe AQ
      Thornbury Vale TV
      Kings Wexley KX
      Penhallow PV
      Glen Morven GJ
      Llanferrin LJ
      Upper Siddle US
      Hexbridge HJ
      Marlow Cross MJ
      Saltwick SJ
      Dunmere DJ
      """,
    houseNumberFirst: true, postcodeShape: "# #@@", postcodeBeforeCity: false,
    phone: PhoneShape(
      e164: "+447#########", national: "07### ######",
      others: ["07#########", "+44 7### ### ###", "+44 (0)7### ######", "00447#########", "07### ### ###"]))
}
